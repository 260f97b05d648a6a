"""Where lessons run: on this machine, or on a Dask cluster; both through the interface of ``concurrent.futures``."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import contextmanager

from sphinx.errors import ConfigError

from sphinx_polyglot.running.process import stop


@contextmanager
def executor(jobs: int, cluster: str = "") -> Iterator[tuple[Executor, int]]:
    """An executor, and how many lessons it shall have at once; whatever ends its context ends these, too."""
    if cluster:
        with _client(cluster) as client, client.get_executor(pure=False) as pool:
            yield pool, max(sum(client.nthreads().values()), 1)
        return
    with ThreadPoolExecutor(jobs) as pool:  # a thread does nothing but wait for the process of its lesson
        try:
            yield pool, jobs
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            stop()
            raise


def _client(cluster: str):
    """Whoever talks to the cluster.

    Raises:
        ConfigError: Dask is not installed, or nobody answers.
    """
    try:
        from distributed import Client
    except ImportError:
        message = 'lessons on a cluster need Dask; install it: pip install "sphinx-polyglot[cluster]"'
        raise ConfigError(message) from None
    try:
        return Client(cluster, timeout="10s", set_as_default=False)
    except (OSError, ValueError) as error:
        message = f"no cluster answers at {cluster} ({error}); start its scheduler, or correct the address"
        raise ConfigError(message) from None
