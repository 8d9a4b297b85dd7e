"""The page at the end of an OAuth2 login: it hands what came in its address to the Swagger UI that opened it.

The words it uses of that window, `swaggerUIRedirectOauth2` and what hangs on it, are Swagger UI's.
Source: Swagger UI, dist/oauth2-redirect.js.
"""

REDIRECT_PAGE = """<!DOCTYPE html>
<html lang="en-US">
<head>
<meta charset="utf-8">
<title>Swagger UI: OAuth2 Redirect</title>
</head>
<body>
<script>
'use strict';
function run() {
  const oauth2 = window.opener.swaggerUIRedirectOauth2;
  const inHash = /code|token|error/.test(window.location.hash);
  const text = (inHash ? window.location.hash : window.location.search).substring(1).replace('?', '&');
  const came = Object.fromEntries(new URLSearchParams(text));
  const isValid = came.state === oauth2.state;
  const flow = oauth2.auth.schema.get('flow');
  const wantsCode = ['accessCode', 'authorizationCode', 'authorization_code'].includes(flow);
  if (!wantsCode || oauth2.auth.code) {
    oauth2.callback({ auth: oauth2.auth, token: came, isValid, redirectUrl: oauth2.redirectUrl });
  } else {
    if (!isValid) {
      oauth2.errCb({ authId: oauth2.auth.name, source: 'auth', level: 'warning',
        message: "Authorization may be unsafe: the state that came back is not the one that was sent." });
    }
    if (came.code) {
      delete oauth2.state;
      oauth2.auth.code = came.code;
      oauth2.callback({ auth: oauth2.auth, redirectUrl: oauth2.redirectUrl });
    } else {
      const said = came.error ? '[' + came.error + ']: ' + (came.error_description || 'no access code came')
        : '[Authorization failed]: no access code came from the server.';
      oauth2.errCb({ authId: oauth2.auth.name, source: 'auth', level: 'error', message: said });
    }
  }
  window.close();
}
if (document.readyState !== 'loading') run();
else document.addEventListener('DOMContentLoaded', run);
</script>
</body>
</html>
"""
