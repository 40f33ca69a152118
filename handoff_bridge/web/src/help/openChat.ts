/** Opens the chat of this page, whether its script has come already or not. */
export function openChat(): void {
  const page = window as unknown as { TandemChat?: { push(command: ["open"]): void } };
  page.TandemChat ??= [];
  page.TandemChat.push(["open"]);
}
