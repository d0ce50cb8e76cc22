"""A line chart as SVG, for the pictures of the documentation: the standard library is all that it takes."""

COLOURS = ["#c0392b", "#2471a3", "#d68910", "#117a65", "#7d3c98", "#5d6d7e"]


def chart(path, title, x_title, y_title, x_ticks, y_ticks, lines, guide=None):
    """One line chart as SVG: lines = [(name, [(x, y)])]."""
    width, height, left, right, top, bottom = 760, 380, 60, 215, 40, 50
    x_max, y_max = x_ticks[-1], y_ticks[-1]

    def at(x, y):
        return left + (width - left - right) * x / x_max, height - bottom - (height - top - bottom) * min(y, y_max) / y_max

    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" font-family="sans-serif" font-size="12">',
        f"<title>{title}</title>",
        f'<rect width="{width}" height="{height}" fill="white"/>',
        f'<text x="{left}" y="22" font-size="14">{title}</text>',
    ]
    for tick in y_ticks:
        x0, y = at(0, tick)
        x1, _ = at(x_max, tick)
        out.append(f'<line x1="{x0}" x2="{x1}" y1="{y:.1f}" y2="{y:.1f}" stroke="#ddd"/>')
        out.append(f'<text x="{x0 - 6}" y="{y + 4:.1f}" text-anchor="end">{tick:g}</text>')
    for tick in x_ticks:
        x, y = at(tick, 0)
        out.append(f'<text x="{x:.1f}" y="{y + 18:.1f}" text-anchor="middle">{tick:g}</text>')
    out.append(f'<text x="{(left + width - right) / 2}" y="{height - 10}" text-anchor="middle">{x_title}</text>')
    out.append(f'<text transform="translate(16,{(top + height - bottom) / 2}) rotate(-90)" text-anchor="middle">{y_title}</text>')
    if guide:
        points = " ".join("%.1f,%.1f" % at(x, y) for x, y in guide)
        out.append(f'<polyline points="{points}" fill="none" stroke="#999" stroke-dasharray="4 4"/>')
    for i, (name, values) in enumerate(lines):
        points = " ".join("%.1f,%.1f" % at(x, y) for x, y in values)
        y = top + 14 + 20 * i
        out.append(f'<polyline points="{points}" fill="none" stroke="{COLOURS[i]}" stroke-width="2"/>')
        out.append(f'<line x1="{width - right + 15}" x2="{width - right + 40}" y1="{y}" y2="{y}" stroke="{COLOURS[i]}" stroke-width="2"/>')
        out.append(f'<text x="{width - right + 46}" y="{y + 4}">{name}</text>')
    path.write_text("\n".join(out + ["</svg>", ""]))
