r"""A lesson with everything that is hard to carry from a page into a notebook, in both languages of the tiny course."""

from __future__ import annotations

import base64

from tiny import Tiny

NAME = "15_hostile"

#: One pixel.
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)

#: Included by the page of each language, so that no rule for good prose applies to it.
BODY = r"""
讲解**注意：**不要，又讲**“梯度”**与*斜体。*还有**粗体**。星号 2*3*4，下划线 x_train、__init__，
Mind **this:** well, **“gradient”** and *slanted.* And **bold**. Dollars $5 to $6, brackets a<b, <b> thin </b>,
a backslash \\alpha, a bar a|b, square [a](b), waves ~~x~~, an entity &lt;, a line of Chinese that
goes on 中文一行
接着一行。

.. _15_hostile-two:

Signs & <b> in *one* ``code``
-----------------------------

1. first 第一

2. second **第二：**接着

   - inside

     .. code-block:: python

        x = "```"

   - ``a`b``, `````x`````, ``$HOME|$PATH``

a. first 第一
b. second **第二：**接着

\- inside

1986\. inside

.. note::

   inside

   .. math:: a_1 &= b \\ c &= |d|
      :label: hostile-eq

.. admonition:: first 第一

   - second **第二：**接着

See :ref:`hostile-table` :doc:`10_module` :eq:`hostile-eq` :ref:`15_hostile-two`
`outside (there) <https://example.org/a_(b)?c=1&d=2>`__ [#one]_ :math:`|x|_2 < 3`

.. [#one] a footnote **first 第一**

.. image:: /a\ picture\ (1).png
   :alt: Picture [x]

.. _hostile-table:

.. list-table:: A table
   :header-rows: 1

   * - ``a|b``
     - inside
   * - - first 第一

         1. inside ``|``

       - second **第二：**接着
     - first 第一 | :math:`|x|`

       second **第二：**接着
   * - ::

           def f(a):
               return a | *b*
     - **first 第一** |bar|

.. |bar| replace:: Picture [x]

+---+---+
| A | B |
+---+   |
| C |   |
+---+---+

first 第一
   second **第二：**接着

:field: second **第二：**接着

--option  first 第一

| first 第一
|   second **第二：**接着

..

   inside

   -- Someone

.. raw:: html

   <p>raw <b>HTML</b>

   with a gap</p>

>>> 1 + 1
2
"""

CODE = r"""
import sys

# zh: 反引号 ```
# en: backquotes ```
text = "```\n|a|\n*b*\n<b>&lt;</b>\n  indented"
print(text)
print("this goes to stderr", file=sys.stderr)

# %% zh
# .. _15_hostile-html:
#
# 第三节
# ------
#
# 一个对象。
#
# %% en
# .. _15_hostile-html:
#
# Third section
# -------------
#
# An object.


class Shown:
    def _repr_html_(self):
        return "<table><tr><td>1 &lt; 2</td></tr></table>"


Shown()
"""


def add_hostile_lesson(tiny: Tiny) -> None:
    """Put the script, what it includes and its image into the tiny course."""
    head = "%% zh\n刁钻的一课\n==========\n\n.. include:: /hostile.txt\n\n"
    head += "%% en\nA hostile lesson\n================\n\n.. include:: /hostile.txt\n"
    tiny.write(f"gallery/{NAME}.py", f'"""\n{head}"""\n{CODE}')
    tiny.write("docs/hostile.txt", BODY)
    (tiny.root / "docs/a picture (1).png").write_bytes(PNG)
