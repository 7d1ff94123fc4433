"""Makes the generator of the API's description ready before the first request."""

import drf_spectacular.openapi  # noqa: F401  brings its own extensions
from drf_spectacular.plumbing import OpenApiGeneratorExtension

import services.api.keys  # noqa: F401  brings the extension for partners' keys


def load():
    """Import what every extension is for.

    drf-spectacular does it at first use, without a lock: two first readers at once meet a class
    where one expects its name, and get a 500.
    """
    for kind in OpenApiGeneratorExtension.__subclasses__():
        for extension in kind._registry:
            if isinstance(extension.target_class, str):
                extension._load_class()
