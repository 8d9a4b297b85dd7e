from tests.miniframework.both_ways import way as way
