"""Parameters and dependencies, where FastAPI has their functions."""

from miniframework.dependencies.depends import Depends as Depends
from miniframework.dependencies.depends import Security as Security
from miniframework.params.markers import Body as Body
from miniframework.params.markers import Cookie as Cookie
from miniframework.params.markers import File as File
from miniframework.params.markers import Form as Form
from miniframework.params.markers import Header as Header
from miniframework.params.markers import Path as Path
from miniframework.params.markers import Query as Query

__all__ = ["Body", "Cookie", "Depends", "File", "Form", "Header", "Path", "Query", "Security"]
