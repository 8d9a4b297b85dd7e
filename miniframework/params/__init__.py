"""From an endpoint's signature to its arguments: planned at registration, bound for each request.

The names of FastAPI's module of the same name are here too.
"""

from miniframework.dependencies.depends import Depends as Depends
from miniframework.dependencies.depends import Security as Security
from miniframework.params.markers import Body as Body
from miniframework.params.markers import Cookie as Cookie
from miniframework.params.markers import File as File
from miniframework.params.markers import Form as Form
from miniframework.params.markers import Header as Header
from miniframework.params.markers import Path as Path
from miniframework.params.markers import Query as Query
