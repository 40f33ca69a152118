import { resolve } from "node:path";
import { defineConfig } from "vite";
import { browsers } from "./browsers.ts";

/** What the chat widget loads once it is needed: dist/assets/contact.js (leaving an address), files.js (sending some). */
export default defineConfig({
  publicDir: false,
  build: {
    target: browsers,
    emptyOutDir: false,
    copyPublicDir: false,
    lib: {
      entry: {
        contact: resolve(import.meta.dirname, "src/widget/contact/form.ts"),
        files: resolve(import.meta.dirname, "src/shared/files.ts"),
      },
      formats: ["es"],
      fileName: (_, name) => `assets/${name}.js`,
    },
  },
});
