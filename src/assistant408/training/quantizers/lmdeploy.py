"""Packs a model as AWQ with LMDeploy: ``python lmdeploy.py JOB.json`` in an environment that has ``lmdeploy``.

Stands alone: nothing of this project is imported. LMDeploy's own calibration sets are fetched from hubs, and the loader
of its default, ``ptb``, is broken; so the loader is handed the job's windows instead.
"""

import json
import sys

# this file bears the library's name: without its folder on the path, the import finds the library
sys.path = [p for p in sys.path if not p.endswith("quantizers")]


def main(path: str) -> None:
    """``lmdeploy lite auto_awq`` on the job's windows."""
    import torch
    from lmdeploy.lite.apis import calibrate
    from lmdeploy.lite.apis.auto_awq import auto_awq

    with open(path, encoding="utf-8") as f:
        job = json.load(f)
    windows = [torch.tensor([w]) for w in job["windows"]]
    calibrate.get_calib_loaders = lambda *args, **kwargs: (windows, None)
    auto_awq(
        job["model"],
        work_dir=job["out"],
        calib_samples=len(windows),
        calib_seqlen=len(job["windows"][0]),
        w_bits=4,
        w_group_size=job["group"],
        device="cuda" if torch.cuda.is_available() else "cpu",
    )


if __name__ == "__main__":
    main(sys.argv[1])
