"""A tiny course in four languages, two of which are drafts; each language's words are told by their letters."""

from __future__ import annotations

from pathlib import Path

from tiny import Tiny, tiny_course

#: For ``Tiny.build``: French and Arabic are partly translated.
DRAFTS = {
    "TINY_LANGUAGES": "zh:zh_CN,en:en,fr:fr,ar:ar",
    "TINY_DRAFTS": "fr:en,ar:en",
}
#: What an author's text of each language has, whatever it says; all other words are ours or the theme's.
SIGNS = {"en": "Enword", "fr": "Frmot", "ar": "كلمة", "zh-CN": "汉词"}

MARKED = '''\
"""
%% zh
汉词一
======

汉词引言，见 :ref:`{name}-two`。

%% en
Enword one
==========

Enword "quoted" intro, see :ref:`{name}-two`.

%% fr
Frmot un
========

Frmot « intro », voir :ref:`{name}-two`.
"""

import os

with open(os.environ["TINY_LOG"], "a") as log:
    log.write("{name}\\n")

# %% zh
# .. _{name}-two:
#
# 汉词二
# ------
#
# 汉词“引”文。
#
# %% en
# .. _{name}-two:
#
# Enword two
# ----------
#
# Enword "quoted" text.

# zh: 汉词注释
# en: Enword comment
value = 1
print(value)

# region
# zh: 汉词折叠
# en: Enword region
print(value)
# endregion

# %% zh
# - 汉词甲
#
# %% en
# - Enword item
#
# %% fr
# - Frmot item
#
# %% ar
# - كلمة بند

# %% zh
# - 汉词乙
#
# .. folded:: 汉词提示
#
#    汉词答案
#
# .. note:: 汉词说明
#
# ==== ====
# 汉词 汉词
# ==== ====
# 汉词 汉词
# ==== ====
#
# %% en
# - Enword item
#
# .. folded:: Enword hint
#
#    Enword answer
#
# .. note:: Enword note
#
# ====== ======
# Enword Enword
# ====== ======
# Enword Enword
# ====== ======

# %% zh
# .. _{name}-three:
#
# 汉词三
# ------
#
# .. deeper:: 汉词深入
#
# 汉词末段 ``code(1)``，见 :doc:`/lessons/20_data`。
#
# %% en
# .. _{name}-three:
#
# Enword three
# ------------
#
# .. deeper:: Enword deeper
#
# Enword last paragraph with ``code(1)``, see :doc:`/lessons/20_data`.
#
# %% ar
# .. _{name}-three:
#
# كلمة ثلاثة
# ----------
#
# .. deeper:: كلمة أعمق
#
# كلمة أخيرة مع ``code(1)``، انظر :doc:`/lessons/20_data`.
'''
#: What the third lesson has besides: a figure, and something to play with.
SHOWN = """

import matplotlib.pyplot as plt

plt.figure(figsize=(2, 1))
plt.plot([3, 1, 2])
plt.title("Enword figure")
plt.xlabel("Enword axis")
plt.show()

# %% zh
# .. caption:: 汉词图注。
#
# 汉词共 :minutes:`lessons/10_module`。
#
# %% en
# .. caption:: Enword caption.
#
# Enword takes :minutes:`lessons/10_module`.


class Thing:
    def _repr_html_(self):
        return '<div data-thing="{}"><button>Enword figure</button><b>Enword axis</b></div>'


Thing()

# %% zh
# .. caption:: 汉词按钮。
#
# %% en
# .. caption:: Enword button.
#
# %% ar
# .. caption:: كلمة زر.
"""
FIGURES = """\
["Enword figure"]
zh = "汉词图"

["Enword axis"]
zh = "汉词轴"
ar = "كلمة محور"
"""
GLOSSARY = """\
[loss]
zh = ["汉词损失"]
en = ["Enword loss"]
fr = ["Frmot perte"]
text.zh = "汉词解释。"
text.en = "Enword explanation."

[layer]
zh = ["汉词层"]
en = ["Enword layer"]
text.zh = "汉词解释。"
text.en = "Enword explanation."
text.ar = "كلمة شرح."
"""
HEADER = "%% zh\n汉词课程\n========\n\n汉词说明。\n\n%% en\nEnword lessons\n==============\n\nEnword note.\n"
HOME = """\
%% zh
汉词首页
========
%% en
Enword home page
================
%% fr
Frmot accueil
=============
%% end

.. toctree::

   lessons/index
   words
"""
WORDS = """\
%% zh
汉词表
======
%% en
Enword list
===========
%% ar
كلمة قائمة
==========
%% end

.. polyglot-glossary::
"""


def partly_translated(root: Path) -> Tiny:
    """Write the course into an empty folder."""
    tiny = tiny_course(root)
    tiny.environment |= DRAFTS
    for name in ("10_module", "20_data"):
        tiny.write(f"gallery/{name}.py", MARKED.replace("{name}", name))
    tiny.write("gallery/30_version.py", MARKED.replace("{name}", "30_version") + SHOWN)
    tiny.write("gallery/GALLERY_HEADER.rst", HEADER)
    tiny.write("docs/index.rst", HOME)
    tiny.write("docs/words.rst", WORDS)
    tiny.write("docs/glossary.toml", GLOSSARY)
    tiny.write("docs/figures.toml", FIGURES)
    settings = 'polyglot_glossary = "docs/glossary.toml"\npolyglot_figure_words = "docs/figures.toml"\n'
    tiny.edit("conf.py", 'project = "Tiny"', f'{settings}project = "Tiny"')
    return tiny
