import sys, asyncio, uvloop
from bench.topic import Assignment
from bench import placing, a_store
async def main():
    import importlib
    mod, fn, url = sys.argv[1:4]
    f = getattr(importlib.import_module(f"bench.{mod}"), fn)
    for row in await f(Assignment(topic=mod, database="sqlite" if "sqlite" in url else "postgresql", url=url, repetitions=int((sys.argv+["2"])[4]))):
        print(row.workload, row.skipped, round(row.seconds,1), {x.name:(round(x.median,2),[round(v,2) for v in x.values]) for x in row.figures})
with a_store.folder() as d:
    sys.argv[3]=sys.argv[3].replace("TMP", d)
    uvloop.run(main())
