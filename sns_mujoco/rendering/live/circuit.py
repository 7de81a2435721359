"""The circuit diagram as numbers that a page draws: places of neurons, ways of connections."""

from typing import Any

import numpy as np

from sns_mujoco.network import Network
from sns_mujoco.network.pictures.drawing import Drawing


def circuit(network: Network) -> dict[str, Any]:
    """A network laid out as `to_svg` lays it out.

    Args:
        network: What to draw.

    Returns:
        What JSON can hold: `width` and `height`; `radius` of neurons; `boxes` of groups; `nodes`, each with its place,
        the lines written on it, and the indices of the neurons that it stands for (none for inputs and outputs);
        `edges`, each with the SVG of its way and marks, its sign, and the names of the connections that it stands for.
    """
    drawing = Drawing(network, None, None, None, None)
    starts = np.cumsum([0, *(population.size for population in network.populations)])
    wires = network.connection_names
    nodes = []
    for node, (x, y) in zip(drawing.graph.nodes, drawing.page.places, strict=True):
        label = drawing.sizes.label(node.label)
        nodes.append({
            "x": round(x, 1), "y": round(y, 1), "name": node.name, "role": node.role, "group": node.group,
            "lines": label.lines if node.role == "neurons" else [node.label], "font": label.font,
            "details": node.details, "many": node.shape != (1,) or len(node.populations) > 1,
            "neurons": [int(i) for p in node.populations for i in range(starts[p], starts[p + 1])],
        })  # fmt: skip
    edges = [
        {
            "d": line.path.d, "width": round(line.width, 2), "marks": line.marks, "sign": line.edge.sign,
            "details": line.edge.details, "connections": [wires[i] for i in line.edge.connections],
            "source": line.edge.source, "target": line.edge.target,
        }
        for line in drawing.lines()
    ]  # fmt: skip
    page = drawing.page
    boxes = [{"name": b.name, "x": b.x, "y": b.y, "width": b.width, "height": b.height} for b in page.boxes]
    return {
        "width": page.width, "height": page.height, "radius": drawing.sizes.radius, "boxes": boxes, "nodes": nodes,
        "edges": edges, "note": drawing.graph.note,
    }  # fmt: skip
