import { useEffect, useRef, useState } from "preact/hooks";
import { Avatar } from "../Avatar";
import type { Me } from "../contract";
import { PeopleIcon, PersonIcon } from "../icons";
import { ThemeSwitch } from "../ThemeSwitch";
import { ChartIcon, InboxIcon, LogOutIcon } from "./icons";
import { isSupervisor } from "./roles";

type Props = { me: Me; page: "inbox" | "reports" | "admin"; onLeave: () => void };

/** The name in the corner: who is logged in, the other page, log out. */
export function AccountMenu({ me, page, onLeave }: Props) {
  const [open, setOpen] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  const toggle = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (!open) return;
    const shut = (event: Event) => {
      if (event instanceof KeyboardEvent && event.key !== "Escape") return;
      if (!(event instanceof KeyboardEvent) && box.current?.contains(event.target as Node)) return;
      setOpen(false);
      if (event instanceof KeyboardEvent) toggle.current?.focus();
    };
    document.addEventListener("pointerdown", shut);
    document.addEventListener("keydown", shut);
    document.addEventListener("focusin", shut);
    return () => {
      document.removeEventListener("pointerdown", shut);
      document.removeEventListener("keydown", shut);
      document.removeEventListener("focusin", shut);
    };
  }, [open]);
  return (
    <div class="account" ref={box}>
      <ThemeSwitch />
      <button
        type="button"
        ref={toggle}
        class="account-toggle"
        aria-expanded={open}
        aria-controls="account-menu"
        aria-label={`Account of ${me.name}`}
        onClick={() => setOpen(!open)}
      >
        <Avatar kind="agent" name={me.name} small />
        <span class="account-name">{me.name}</span>
      </button>
      <div class="account-menu" id="account-menu" hidden={!open}>
        <p class="account-who">
          <strong>{me.name}</strong>
          <span class="soft">{me.email}</span>
          <span class="soft">{[me.role, me.team && `${me.team} team`].filter(Boolean).join(" · ")}</span>
        </p>
        {page !== "inbox" && (
          <a class="account-item" href="/inbox">
            <InboxIcon small /> Inbox
          </a>
        )}
        {page !== "reports" && isSupervisor(me) && (
          <a class="account-item" href="/reports">
            <ChartIcon small /> Reports
          </a>
        )}
        {page !== "admin" && (
          <a class="account-item" href={isSupervisor(me) ? "/admin" : "/admin#account"}>
            {isSupervisor(me) ? <PeopleIcon small /> : <PersonIcon small />}
            {isSupervisor(me) ? "People and settings" : "Your account"}
          </a>
        )}
        <button type="button" class="account-item" onClick={onLeave}>
          <LogOutIcon small /> Log out
        </button>
      </div>
    </div>
  );
}
