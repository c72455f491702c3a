"""One course of JobFirst as data, and what plays it over HTTP for the demo, the tests and the benchmarks."""
