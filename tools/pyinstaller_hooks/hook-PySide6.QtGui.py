"""Qt's plugins, without those that bring whole libraries along which nothing here uses.

The virtual keyboard is written in QML, and `qpdf` reads PDF as a picture; the GTK theme brings the GTK of the machine
that builds, which does not go together with another machine's; the rest draws on devices without a desktop.
"""

from PyInstaller.utils.hooks.qt import add_qt6_dependencies

UNWANTED = ("virtualkeyboard", "qpdf", "libqgtk3", "eglfs", "egldeviceintegrations", "linuxfb", "vkkhrdisplay", "vnc")

hiddenimports, binaries, datas = add_qt6_dependencies(__file__)
binaries = [(source, place) for source, place in binaries if not any(word in source for word in UNWANTED)]
