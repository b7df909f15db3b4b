"""The diagram of a model (DMNDI): decisions above, their input data below, functions beside."""

from __future__ import annotations

from xml.etree import ElementTree as ET

WIDTH, HEIGHT = 160, 60
STEP = 200  # from one shape to the next
LEFT, ABOVE, BELOW = 60, 80, 260
ROWS = {"decision": ABOVE, "businessKnowledgeModel": ABOVE, "inputData": BELOW}


def add_diagram(root: ET.Element) -> None:
    """Add a shape for each element of a model and an edge for each of its requirements."""
    interchange = ET.SubElement(root, "dmndi:DMNDI")
    diagram = ET.SubElement(interchange, "dmndi:DMNDiagram", {"id": "diagram"})
    places: dict[str, tuple[int, int]] = {}
    taken = dict.fromkeys(ROWS.values(), LEFT)
    for tag in ("decision", "businessKnowledgeModel", "inputData"):
        for element in root.iter(tag):
            y = ROWS[tag]
            places[element.get("id", "")] = (taken[y], y)
            taken[y] += STEP
    for id, place in places.items():
        _shape(diagram, id, place)
    for element in root:
        for requirement in element:
            if requirement.tag.endswith("Requirement"):
                needed = places[requirement[0].get("href", "#")[1:]]
                _edge(diagram, requirement, needed, places[element.get("id", "")])


def _shape(diagram: ET.Element, id: str, place: tuple[int, int]) -> None:
    shape = ET.SubElement(diagram, "dmndi:DMNShape", {"id": f"shape_{id}", "dmnElementRef": id})
    bounds = {"x": place[0], "y": place[1], "width": WIDTH, "height": HEIGHT}
    ET.SubElement(shape, "dc:Bounds", {name: str(value) for name, value in bounds.items()})


def _edge(
    diagram: ET.Element, requirement: ET.Element, start: tuple[int, int], end: tuple[int, int]
) -> None:
    """Draw from the top of what is needed to the bottom of what needs it, or from side to side."""
    id = requirement.get("id", "")
    edge = ET.SubElement(diagram, "dmndi:DMNEdge", {"id": f"edge_{id}", "dmnElementRef": id})
    middle = WIDTH // 2
    points = [(start[0] + middle, start[1]), (end[0] + middle, end[1] + HEIGHT)]
    if start[1] == end[1]:
        points = [(start[0], start[1] + HEIGHT // 2), (end[0] + WIDTH, end[1] + HEIGHT // 2)]
    for x, y in points:
        ET.SubElement(edge, "di:waypoint", {"x": str(x), "y": str(y)})
