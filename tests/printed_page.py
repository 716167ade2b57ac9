"""Where the boxes of a page land on paper: a PDF tells it by the links that are put at their beginning and end."""

import re

_MARK = """boxes => document.querySelectorAll(boxes).forEach((box, place) => {
    const mark = end => {
        const link = document.createElement("a");
        link.href = `https://${end}.invalid/${place}`;
        link.style = "display:block;height:1px;width:1px;overflow:hidden;line-height:1px;font-size:1px";
        link.textContent = ".";
        return link;
    };
    box.prepend(mark("begins"));
    box.append(mark("ends"));
})"""
_OBJECT = re.compile(rb"(?<!\d)(\d+) 0 obj\n(.*?)endobj", re.DOTALL)


def pages_of_boxes(page, boxes, **paper):
    """The pages, from 0, on which each box that a selector finds begins and ends once printed."""
    page.evaluate(_MARK, boxes)
    document = page.pdf(**paper)
    page.evaluate("document.querySelectorAll('a[href*=invalid]').forEach(link => link.remove())")
    objects = dict(_OBJECT.findall(document))
    order = re.findall(rb"(\d+) 0 R", re.search(rb"/Kids \[(.*?)\]", _pages(objects))[1])
    found = {}
    for number, leaf in enumerate(_leaves(order, objects)):
        annotations = re.search(rb"/Annots \[(.*?)\]", objects[leaf], re.DOTALL)
        for link in re.findall(rb"(\d+) 0 R", annotations[1]) if annotations else ():
            for end, box in re.findall(rb"https://(begins|ends)\.invalid/(\d+)", objects[link]):
                found.setdefault(int(box), {})[end.decode()] = number
    return [(found[box]["begins"], found[box]["ends"]) for box in sorted(found)]


def _pages(objects):
    """The root of the tree of pages."""
    [catalogue] = [content for content in objects.values() if b"/Type /Catalog" in content]
    return objects[re.search(rb"/Pages (\d+) 0 R", catalogue)[1]]


def _leaves(numbers, objects):
    for number in numbers:
        if b"/Type /Pages" in objects[number]:
            yield from _leaves(re.findall(rb"(\d+) 0 R", re.search(rb"/Kids \[(.*?)\]", objects[number])[1]), objects)
        else:
            yield number
