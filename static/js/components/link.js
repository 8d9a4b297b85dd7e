/** A link inside the page: an address of its own, followed without loading the page anew. */

import { html, nothing } from "../../vendor/lit.js";

/** What another screen selected does not come along. */
const FRESH = { level: null, method: null, path: null, route: null, find: null, id: null, tab: null, filter: null };

/** `patch` is what the address says then; `keep` carries the rest of this screen's state along. */
export function link(router, patch, content, { title = nothing, name = "quiet-link", keep = false } = {}) {
  const wanted = keep ? patch : { ...FRESH, ...patch };
  const follow = (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    router.set(wanted);
  };
  return html`<a class=${name} href=${router.href(wanted)} title=${title} @click=${follow}>${content}</a>`;
}
