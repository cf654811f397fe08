"""Traces on disk: one APRT file per stage, as the original engine writes them, and beside each what APRT lacks."""

from impl.aprt.folder import SavedStage, load_trace, save_trace, stage_path
from impl.aprt.format import read_aprt, write_aprt
from impl.aprt.sidecar import Sidecar, read_sidecar, write_sidecar

__all__ = [
    "SavedStage",
    "Sidecar",
    "load_trace",
    "read_aprt",
    "read_sidecar",
    "save_trace",
    "stage_path",
    "write_aprt",
    "write_sidecar",
]
