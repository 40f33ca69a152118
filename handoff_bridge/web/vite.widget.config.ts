import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { defineConfig } from "vite";
import { browsers } from "./browsers.ts";

/** The chat's module, which vite.chat.config.ts has built before. */
function chatModule(): string {
  const built = readFileSync(resolve(import.meta.dirname, "dist/chat.json"), "utf-8");
  const parts = Object.values(JSON.parse(built) as Record<string, { file: string; isEntry?: boolean }>);
  return parts.find(({ isEntry }) => isEntry)?.file ?? "";
}

/** The loader: dist/widget.js, one small classic script with its stylesheet inside, for any page. */
export default defineConfig({
  publicDir: false,
  define: {
    "process.env.NODE_ENV": JSON.stringify("production"),
    CHAT_MODULE: JSON.stringify(chatModule()),
  },
  build: {
    target: browsers,
    emptyOutDir: false,
    copyPublicDir: false,
    lib: {
      entry: resolve(import.meta.dirname, "src/widget/loader/main.ts"),
      name: "TandemLoader",
      formats: ["iife"],
      fileName: () => "widget.js",
    },
  },
});
