import type { Socket } from "socket.io-client";

/** Listens to the events of one namespace, each with the payload that the bridge's models give it. */
export const hearing =
  <Events>(socket: Socket) =>
  <E extends keyof Events & string>(event: E, heard: (payload: Events[E]) => void): void => {
    socket.on<string>(event, heard);
  };
