/** The entry of the page: makes the session, hands it to the app element of the shell page, begins. */

import { Session } from "./session.js";

const session = new Session();
const app = document.querySelector("ri-app") ?? document.body.appendChild(document.createElement("ri-app"));
app.session = session; // before its class is known, so that the element has it from its first breath
await import("./components/ri-app.js");
session.start();
