"""Where a lesson stands among the others, for templates that show it."""

from __future__ import annotations

import re


def test_each_lesson_names_those_before_and_after_it(tiny):
    tiny.edit("conf.py", "nitpicky = True\n", 'nitpicky = True\ntemplates_path = ["docs/_templates"]\n')
    template = '{% extends "!page.html" %}\n{% block content %}{{ polyglot_series }}{{ super() }}{% endblock %}\n'
    tiny.write("docs/_templates/page.html", template)
    tiny.built()
    page = tiny.page("zh/lessons/20_data.html")
    series = re.search(r'<nav class="polyglot-series" aria-label="课程">(.*?)</nav>', page, re.DOTALL)[1]
    assert re.findall(r"<li>(.*?)</li>", series) == [
        '<a href="10_module.html">模块</a>',
        '<span aria-current="page">数据</span>',
        '<a href="30_version.html">版本</a>',
    ]
    assert "polyglot-series" not in tiny.page("zh/index.html").replace("polyglot-series.css", "")
    tiny.edit("gallery/30_version.py", "Versions", "Releases")
    assert tiny.built() == []
    assert '<a href="30_version.html">Releases</a>' in tiny.page("en/lessons/10_module.html")
