"""A surface in space as vispy draws it: shaded, with V as colour and contours, or with a graticule."""

from typing import TYPE_CHECKING

import numpy as np
from vispy.gloo import IndexBuffer, VertexBuffer
from vispy.scene.visuals import create_visual_node
from vispy.visuals import Visual

from slap_studio.core.surface import Surface
from slap_studio.core.types import Array
from slap_studio.views.rgb import rgb
from slap_studio.views.theme import Theme

if TYPE_CHECKING:
    from slap_studio.views.stage.standing import Standing

CONTOURS = 12
_VERTEX = """
attribute vec3 a_position;
attribute vec3 a_normal;
attribute vec2 a_depth;  // from 0 where V is highest to 1 where it is lowest; support
varying vec3 v_position;
varying vec3 v_normal;
varying vec2 v_depth;
void main() {
    v_position = a_position;
    v_normal = a_normal;
    v_depth = a_depth;
    gl_Position = $transform(vec4(a_position, 1.0));
}
"""
_FRAGMENT = """
uniform vec3 u_light;
uniform vec3 u_ground;
uniform vec3 u_glow;
uniform vec3 u_ink;
uniform float u_strength;  // of the glow; 0 where no V is shown
uniform float u_contours;
uniform float u_graticule;
varying vec3 v_position;
varying vec3 v_normal;
varying vec2 v_depth;

void main() {
    if (v_depth.y < 0.05) discard;
    float depth = clamp(v_depth.x, 0.0, 1.0);
    vec3 colour = mix(u_ground, u_glow, u_strength * pow(depth, 1.4));
    float level = depth * u_contours;
    float slope = fwidth(level);
    float ink = clamp(1.1 - abs(level - floor(level + 0.5)) / max(slope, 1e-6), 0.0, 1.0);
    ink *= step(0.5, u_contours) * clamp(slope / 0.004, 0.0, 1.0) * 0.45;
    if (u_graticule > 0.5) {
        // Sines, which are continuous where the angle is not.
        float around = atan(v_position.y, v_position.x);
        float up = asin(clamp(v_position.z / length(v_position), -1.0, 1.0));
        float pole = smoothstep(0.02, 0.2, length(v_position.xy));
        vec2 waves = vec2(sin(6.0 * around), sin(6.0 * up));
        vec2 lines = clamp(1.1 - abs(waves) / max(fwidth(waves), vec2(1e-6)), 0.0, 1.0);
        ink = 0.5 * max(lines.x * pole, lines.y);
    }
    colour = mix(colour, u_ink, ink);
    float light = max(dot(normalize(v_normal), u_light), 0.0);
    gl_FragColor = vec4(colour * (0.55 + 0.55 * light), v_depth.y);
}
"""


class SurfaceVisual(Visual):
    """Draws one surface, the first of its scene; its depth hides what lies behind it.

    Attributes
    ----------
    standing
        Keeps how it looks, where somebody says when the eye has moved; without, it is drawn anew each time.
    """

    def __init__(self) -> None:
        Visual.__init__(self, _VERTEX, _FRAGMENT)
        self._positions, self._normals, self._depths = (
            VertexBuffer(np.zeros((3, size), np.float32)) for size in (3, 3, 2)
        )
        self.shared_program["a_position"] = self._positions
        self.shared_program["a_normal"] = self._normals
        self.shared_program["a_depth"] = self._depths
        self._index_buffer = IndexBuffer(np.arange(3, dtype=np.uint32))
        self._draw_mode = "triangles"
        self._shows_potential = False
        self.standing: Standing | None = None
        self.set_light(np.array([0.0, 0.0, 1.0]))

    def set_surface(self, surface: Surface) -> None:
        """Replace what is drawn."""
        self._positions.set_data(surface.vertices)
        self._normals.set_data(surface.normals)
        self._depths.set_data(_depths(surface))
        self._index_buffer.set_data(surface.faces)
        # The far side of a ball lies behind the near one, pixel for pixel, and to draw it takes as long.
        self.set_gl_state("translucent", depth_test=True, cull_face="back" if surface.closed else False)
        self._shows_potential = surface.potential is not None
        self.shared_program["u_contours"] = float(CONTOURS) if self._shows_potential else 0.0
        self.shared_program["u_graticule"] = 0.0 if self._shows_potential else 1.0
        self._changed()

    def set_theme(self, theme: Theme) -> None:
        """Recolour: low V glows in the colour of what is observed, as on the map."""
        self.shared_program["u_ground"] = rgb(theme.raised)
        self.shared_program["u_glow"] = rgb(theme.observed)
        self.shared_program["u_ink"] = rgb(theme.secondary)
        self.shared_program["u_strength"] = (0.5 if theme.dark else 0.6) if self._shows_potential else 0.0
        self._changed()

    def set_light(self, towards: Array) -> None:
        """Let the light come from a direction [3]."""
        self.shared_program["u_light"] = tuple(float(part) for part in towards / np.linalg.norm(towards))
        self._changed()

    def draw(self) -> None:
        """Put back how it looked, or draw it."""
        if self.standing is None:
            super().draw()
        elif not self.standing.put_back():
            super().draw()
            self.standing.keep()

    def _changed(self) -> None:
        if self.standing is not None:
            self.standing.forget()
        self.update()

    def _prepare_transforms(self, view: Visual) -> None:
        view.view_program.vert["transform"] = view.transforms.get_transform()

    def _prepare_draw(self, view: Visual) -> bool:
        return True


def _depths(surface: Surface) -> Array:
    """How low V is at the vertices, 0 to 1, and their support [G, 2]."""
    depth = np.zeros_like(surface.support)
    inside = surface.support > 0.05
    if surface.potential is not None and inside.any():
        low, high = surface.potential[inside].min(), surface.potential[inside].max()
        depth = 1 - (surface.potential - low) / max(high - low, 1e-6)
    return np.stack([depth, surface.support], axis=1).astype(np.float32)


SurfaceNode = create_visual_node(SurfaceVisual)
