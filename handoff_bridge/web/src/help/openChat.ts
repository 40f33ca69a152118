/** Opens the chat of this page as its button does. */
export function openChat(): void {
  const chat = document.querySelector("tandem-chat")?.shadowRoot;
  chat?.querySelector<HTMLElement>(".launcher")?.click();
}
