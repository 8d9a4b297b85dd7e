/** Style sheets of what is loaded when it is first shown; `app.css` has those of the first row. */

/** Those of the detail: its code and they are asked for side by side. */
export const DETAIL = ["content", "ladder", "overlay", "detail", "flow"];

const loading = new Map();

/** Load these files of static/css once; done when all of them count. To be awaited by the module that needs them. */
export function sheets(...names) {
  return Promise.all(names.map((name) => loading.get(name) ?? load(name)));
}

function load(name) {
  const link = document.createElement("link");
  link.rel = "stylesheet";
  link.href = new URL(`../../css/${name}.css`, import.meta.url).href;
  const loaded = new Promise((resolve, reject) => {
    link.onload = resolve;
    link.onerror = () => reject(new TypeError(`the style sheet ${name}.css cannot be loaded`));
  });
  loading.set(name, loaded);
  document.head.append(link);
  return loaded;
}
