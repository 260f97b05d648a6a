"""Lessons to take along: notebooks and scripts that read like the page and run elsewhere.

``cells`` cuts a page into prose and code. ``blocks``, ``tables`` and ``inline`` write the prose in
the words of ``markdown``, with ``links`` that lead somewhere; ``outputs`` takes over what the code showed.
``formats`` makes files of the cells. ``packing`` makes text of the modules that a lesson imports,
``preparation`` the cell that unpacks it. ``downloads`` writes all this beside each page, ``bundle``
puts it into a zip, ``buttons`` shows it to the reader, and ``offers`` answers Sphinx's events.
"""
