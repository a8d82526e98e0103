"""How large the built folder is, part by part: usage python tools/bundle_sizes.py dist/slap-studio."""

import sys
from fnmatch import fnmatch
from pathlib import Path

# The first part that fits is the one that counts. Paths are relative to the folder with everything in it.
PARTS = {
    "CUDA": ("nvidia/*", "cuda*", "torch/lib/libtorch_cuda*", "torch/lib/libc10_cuda*", "torch/lib/libtorch_nvshmem*"),
    "torch, torchvision, timm, open_clip": ("torch*", "timm*", "open_clip*", "functorch*"),
    "the map: numba, LLVM, UMAP, scikit-learn": ("numba*", "llvm*", "umap*", "pynnd*", "sklearn*", "scikit_learn*"),
    "numpy and scipy": ("numpy*", "scipy*"),
    "video and pictures: PyAV, OpenCV, Pillow": ("av*", "cv2*", "opencv*", "PIL*", "pillow*"),
    "the window: Qt, pyqtgraph, vispy": ("PySide6*", "shiboken6*", "pyqtgraph*", "vispy*", "freetype*"),
    "figures: matplotlib, fonts": ("matplotlib*", "contourpy*", "kiwisolver*", "fontTools*"),
    "SLAP Studio's assets and samples": ("slap_studio*",),
    "Python and the modules of all": ("../*", "python*", "libpython*", "base_library.zip", "lib-dynload*"),
    "libraries of the system, and the rest": ("*",),
}


def main(folder: Path) -> None:
    inside = folder / "_internal"
    sizes = dict.fromkeys(PARTS, 0)
    for path in folder.rglob("*"):
        if path.is_file() and not path.is_symlink():
            name = path.relative_to(inside).as_posix() if path.is_relative_to(inside) else f"../{path.name}"
            part = next(part for part, patterns in PARTS.items() if any(fnmatch(name, one) for one in patterns))
            sizes[part] += path.stat().st_size
    for part, size in sizes.items():
        print(f"{size / 1e6:8.0f} MB  {part}")
    print(f"{sum(sizes.values()) / 1e6:8.0f} MB  in all")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
