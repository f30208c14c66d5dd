"""Search over arrays that lie beside the segments of a Whoosh index; knows nothing of forums."""
