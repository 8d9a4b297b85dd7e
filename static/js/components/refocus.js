/** The focus that went with what was taken out of the page. */

/** Once `host` and what is in it are drawn: give a lost focus to what `find()` gives, or to the screen as a whole. */
export async function refocus(host, find = () => null) {
  await host.updateComplete;
  await new Promise((drawn) => window.requestAnimationFrame(drawn));
  if (document.activeElement === document.body) (find() ?? document.querySelector("main"))?.focus();
}
