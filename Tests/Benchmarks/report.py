"""How many measurements become the few figures that are shown."""
import math
import statistics


def spread(seconds):
    """Milliseconds: least, median, 95th percentile."""
    if not seconds:
        return None
    ordered = sorted(s * 1000 for s in seconds)
    p95 = ordered[min(len(ordered) - 1, math.ceil(0.95 * len(ordered)) - 1)]
    return {"min": ordered[0], "median": statistics.median(ordered), "p95": p95, "times": len(ordered)}
