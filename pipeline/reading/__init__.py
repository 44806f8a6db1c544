"""Who reads, and where: folders to batches of readings, in processes of this machine or on the workers of a cluster.

In: a period, folders, an engine. Out: `Batch`es, one behind the other. `executors.py` alone says who reads;
`isolate.py` works through batches in one process, `reader_process.py` is that process as seen from the run, and
`reader_child.py` what runs in it; `watch.py` ends it when it stands still, `ended.py` tells whose doing its end was.

A file that ends, hangs or exhausts its process costs that process alone. Neither the number of workers nor the size of
a batch may be seen in what comes out.
"""
