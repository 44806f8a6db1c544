"""Who reads, and where: folders to batches of readings, in processes of this machine or on the workers of a cluster.

In: a period, folders, an engine. Out: `Batch`es, one behind the other. A file that ends, hangs or exhausts its process
costs that process alone; neither the number of workers nor the size of a batch may be seen in what comes out.
"""
