"""An application described in OpenAPI 3.1, and the pages that show it; made when first asked for."""
