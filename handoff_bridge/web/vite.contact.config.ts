import { resolve } from "node:path";
import { defineConfig } from "vite";
import { browsers } from "./browsers.ts";

/** What the chat widget loads once somebody wants to leave an address: dist/assets/contact.js, a module. */
export default defineConfig({
  publicDir: false,
  build: {
    target: browsers,
    emptyOutDir: false,
    copyPublicDir: false,
    lib: {
      entry: resolve(import.meta.dirname, "src/widget/contact/form.ts"),
      formats: ["es"],
      fileName: () => "assets/contact.js",
    },
  },
});
