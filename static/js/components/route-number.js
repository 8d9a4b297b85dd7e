/** How the number of a route is written where there is little room for it. */

/** Parts that are written out: "12.3.4.1". Mounts stand in mounts, and some generated tables nest dozens. */
const MOST = 5;

/** The number itself; of a route deep in mounts its first two parts and its last: "25.3…2". The whole belongs in the title. */
export function shortNumber(number) {
  const parts = String(number).split(".");
  return parts.length <= MOST ? parts.join(".") : `${parts[0]}.${parts[1]}…${parts.at(-1)}`;
}
