/** When to ask again what could not be asked while the dashboard was away. Pure. */

/** A source to watch: it tells each time the connection of `store` is open again after it was lost. */
export function comebacks(store) {
  return { subscribe: (retry) => subscribe(store, retry) };
}

function subscribe(store, retry) {
  let isAway = store.connection === "reconnecting";
  return store.subscribe(() => {
    const wasAway = isAway;
    isAway = store.connection === "reconnecting" || (isAway && store.connection !== "open");
    if (wasAway && !isAway) retry();
  });
}
