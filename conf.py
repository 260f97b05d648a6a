"""Settings of the site; what they mean stands in the pages named beside them."""

import os

from torchhour import device
from torchhour.data import names
from torchhour.timing import recorded

# The project
project = "TorchHour"
author = "TorchHour contributors"
extensions = ["sphinx_polyglot", "sphinx_polyglot.cjk", "sphinx_polyglot.mathematics", "sphinx.ext.extlinks"]
language = "zh_CN"
locale_dirs = ["locale"]
templates_path = ["docs/_templates"]
nitpicky = True

# Languages, and what a lesson's outputs depend on (sphinx_polyglot)
data = os.environ.get("TORCHHOUR_DATA", "")
if data:  # lessons run in a folder of their own: a relative path would not lead there
    os.environ["TORCHHOUR_DATA"] = data = os.path.abspath(os.path.expanduser(data))
polyglot_languages = {"zh": "zh_CN", "en": "en"}
polyglot_default_language = "en"
polyglot_templates = True
polyglot_fail_on_warning = True
polyglot_baseurl = os.environ.get("TORCHHOUR_BASEURL", "")
polyglot_preview = "preview-{language}.png"
extlinks = {"hosted": (f"{polyglot_baseurl}/%s", None)}
polyglot_source_dirs = ["src"]
polyglot_distributions = {"sklearn": "scikit-learn", "PIL": "pillow"}
polyglot_inputs = {
    "torchhour.data.digits": [f"{data}/MNIST/raw"] if data else [],
    "torchhour.data.cifar10": [f"{data}/cifar-10-batches-py", f"{data}/cifar-10-batches-bin"] if data else [],
    "torchhour.data.weights": [f"{data}/checkpoints"] if data else [],
    "torchhour.explore.thing": ["src/torchhour/explore"],
    "torchhour.timing.recorded": ["src/torchhour/timing/recordings"],
    "torchhour.timing.trainings": ["src/torchhour/timing/trainings"],
}
polyglot_minutes_explained = "about-minutes"
polyglot_glossary = "docs/glossary.toml"
polyglot_figure_words = "docs/figures.toml"
polyglot_tags = {
    "mnist": names.digits().startswith("MNIST"),
    "scans": not names.digits().startswith("MNIST"),
    "cifar10": names.cifar10().startswith("CIFAR-10"),
    "silhouettes": names.cifar10() == "Silhouettes",
    "accelerator": device.kind() != "cpu",
    "recorded": bool(recorded.recordings()),
    "hosted": bool(polyglot_baseurl),
}
polyglot_facts = {"device": device.kind()}
polyglot_about = {"Device": device.kind(), "Handwritten digits": names.digits(), "Color pictures": names.cifar10()}
polyglot_store = os.environ.get("TORCHHOUR_STORE", "")
polyglot_repository = os.environ.get("TORCHHOUR_REPOSITORY", "")

# What readers take along (sphinx_polyglot)
polyglot_library = "torchhour"
polyglot_carried = ["torchhour.exercises"]
polyglot_requirements = ["jupyterlab"]
polyglot_install_hints = {
    "torch": "On Linux, PyTorch with CUDA takes about 5.9 GB with all that it needs; without CUDA, less than 2 GB. "
    "For that, first run: pip install torch torchvision --index-url https://download.pytorch.org/whl/cpu"
}
polyglot_bundle_readme = "docs/bundle.md"
polyglot_published = os.environ.get("TORCHHOUR_PUBLISHED", "")

# Lessons (https://sphinx-gallery.github.io/stable/configuration.html)
sphinx_gallery_conf = {
    "examples_dirs": ["../gallery"],
    "gallery_dirs": ["lessons"],
    "filename_pattern": r"\.py$",
    "within_subsection_order": "FileNameSortKey",
    "abort_on_example_error": True,
    "min_reported_time": float("inf"),
    "remove_config_comments": True,
    "notebook_extensions": set(),
    "download_all_examples": False,
    "write_computation_times": False,
    "show_signature": False,
}

# Pages (https://www.sphinx-doc.org/en/master/usage/configuration.html)
html_theme = "furo"
html_title = project
html_static_path = ["docs/_static"]
html_js_files = [("drawers.js", {"defer": "defer"})]
html_css_files = ["site.css"]
html_favicon = "docs/_static/favicon.svg"
html_copy_source = False
html_show_sphinx = False
html_show_copyright = False
html_use_index = False
cjk_found_last = ["contributing", "publishing", "polyglot", "coming-over", "translating", "about"]
