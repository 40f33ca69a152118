import { resolve } from "node:path";
import { defineConfig } from "vite";
import { browsers } from "./browsers.ts";

/** The chat: dist/assets/chat-<hash>.js and what it loads itself once that is needed, for the loader of vite.widget.config.ts. */
export default defineConfig({
  base: "./",
  publicDir: false,
  define: { "process.env.NODE_ENV": JSON.stringify("production") },
  resolve: {
    alias: [
      {
        find: /^\.\/webtransport\.js$/,
        replacement: resolve(import.meta.dirname, "src/widget/noWebTransport.ts"),
      },
    ],
  },
  build: {
    target: browsers,
    emptyOutDir: false,
    copyPublicDir: false,
    modulePreload: false,
    manifest: "chat.json",
    rollupOptions: {
      input: { chat: resolve(import.meta.dirname, "src/widget/main.tsx") },
      preserveEntrySignatures: "strict",
      output: { entryFileNames: "assets/chat-[hash].js", chunkFileNames: "assets/chat-[name]-[hash].js" },
    },
  },
});
