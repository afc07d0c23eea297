import { watchFailures } from "./failures.js";
import { watchTheme } from "./theme.js";
import { watchToasts } from "./toasts.js";

watchTheme(document);
watchToasts(document);
watchFailures(document);
