"""What a translation lacks beside its original, and what it has besides: remarks that stand in nobody's way."""

from .comparing import parity_remarks, remarks_beside_source

__all__ = ["parity_remarks", "remarks_beside_source"]
