import type { ComponentChildren } from "preact";

/** The goods, drawn: 200 by 160, in the few flat colours that shop.css names for both themes. */
function Picture({ children }: { children: ComponentChildren }) {
  return (
    <svg viewBox="0 0 200 160" aria-hidden="true" focusable="false">
      <ellipse class="i-shadow" cx="100" cy="138" rx="66" ry="7" />
      {children}
    </svg>
  );
}

export function Tent() {
  return (
    <Picture>
      <path class="i-pine-2" d="M104 34l62 102h-38z" />
      <path class="i-pine" d="M100 34l32 102H34z" />
      <path class="i-ink" d="M98 66l18 70H74z" />
      <path class="i-sand" d="M98 66l-4 70H74z" />
      <path class="i-line" d="M100 34l-6-8M34 136l-12 4M166 136l12 4M102 34l6-9" />
    </Picture>
  );
}

export function MendedTent() {
  return (
    <Picture>
      <path class="i-rust-2" d="M104 34l62 102h-38z" />
      <path class="i-rust" d="M100 34l32 102H34z" />
      <path class="i-ink" d="M112 74l14 62H90z" />
      <path class="i-sand" d="M58 104l20-7 7 20-20 7z" />
      <path class="i-line" d="M60 100l3 8M68 97l3 8M76 95l3 8M64 120l3 8M72 117l3 8M80 114l3 8" />
      <path class="i-line" d="M100 34l-6-8M34 136l-12 4M166 136l12 4M102 34l6-9" />
    </Picture>
  );
}

export function Kettle() {
  return (
    <Picture>
      <path class="i-stroke-rust" d="M66 74C62 22 138 22 134 74" />
      <path class="i-steel" d="M134 92l34-22 6 8-32 38z" />
      <path class="i-steel" d="M58 80h84c8 18 12 40 6 56H52c-6-16-2-38 6-56z" />
      <path class="i-steel-2" d="M112 80h30c8 18 12 40 6 56h-30c6-16 2-38-6-56z" />
      <path class="i-ink" d="M70 72h60l6 8H64z" />
      <circle class="i-rust" cx="100" cy="66" r="6" />
    </Picture>
  );
}

export function Backpack() {
  return (
    <Picture>
      <path class="i-stroke-rust" d="M84 40c0-18 32-18 32 0" />
      <path class="i-sand" d="M60 70c0-26 16-36 40-36s40 10 40 36v66H60z" />
      <path class="i-sand-2" d="M118 36c14 5 22 15 22 34v66h-18z" />
      <path class="i-pine" d="M56 58c6-18 22-26 44-26s38 8 44 26v20H56z" />
      <path class="i-pine-2" d="M68 96h64v34a6 6 0 0 1-6 6H74a6 6 0 0 1-6-6z" />
      <path class="i-rust" d="M78 66h9v38h-9zM113 66h9v38h-9z" />
      <path class="i-paper" d="M76.500 92h12v8h-12zM111.500 92h12v8h-12z" />
    </Picture>
  );
}

export function Jacket() {
  return (
    <Picture>
      <path class="i-rust" d="M76 40l-30 18-14 66 20 6 12-42v50h72V88l12 42 20-6-14-66-30-18z" />
      <path class="i-rust-2" d="M100 50l24-10 30 18 14 66-20 6-12-42v50h-36z" />
      <path class="i-ink" d="M76 42c2-18 12-24 24-24s22 6 24 24l-24 20z" />
      <path class="i-rust-2" d="M82 42c2-12 8-18 18-18s16 6 18 18l-18 14z" />
      <path class="i-line-paper" d="M100 62v76M74 104l14-8M126 104l-14-8" />
    </Picture>
  );
}

export function Mugs() {
  return (
    <Picture>
      <path class="i-stroke-ink" d="M74 62c-26-4-28 38 2 36" />
      <path class="i-pine" d="M70 44h56v52a8 8 0 0 1-8 8H78a8 8 0 0 1-8-8z" />
      <path class="i-paper" d="M67 40h62v6H67z" />
      <path class="i-stroke-ink" d="M144 100c28-4 28 34 0 32" />
      <path class="i-paper" d="M84 82h64v48a8 8 0 0 1-8 8H92a8 8 0 0 1-8-8z" />
      <path class="i-steel" d="M124 82h24v48a8 8 0 0 1-8 8h-22c6-8 6-40 6-56z" />
      <path class="i-ink" d="M81 78h70v6H81z" />
      <path class="i-pine" d="M108 98l-8 13h4l-6 10h20l-6-10h4z" />
    </Picture>
  );
}

export function Blanket() {
  return (
    <Picture>
      <path class="i-sand" d="M44 96h112v34a8 8 0 0 1-8 8H52a8 8 0 0 1-8-8z" />
      <path class="i-pine" d="M44 104h112v7H44zM44 117h112v4H44z" />
      <path class="i-sand-2" d="M48 64h104a8 8 0 0 1 8 8v24H40V72a8 8 0 0 1 8-8z" />
      <path class="i-rust" d="M40 74h120v6H40zM40 85h120v4H40z" />
      <path class="i-paper" d="M56 36h88a8 8 0 0 1 8 8v20H48V44a8 8 0 0 1 8-8z" />
      <path class="i-pine-2" d="M48 44h104v5H48zM48 54h104v3H48z" />
      <path class="i-line" d="M56 138v8M68 138v8M80 138v8M92 138v8M104 138v8M116 138v8M128 138v8M140 138v8" />
    </Picture>
  );
}

export function Bottle() {
  return (
    <Picture>
      <path class="i-ink" d="M86 22h28v16H86z" />
      <path class="i-stroke-rust" d="M86 30c-18 0-18 20-6 26" />
      <path
        class="i-pine"
        d="M84 38h32c2 12 14 14 14 32v60a8 8 0 0 1-8 8H78a8 8 0 0 1-8-8V70c0-18 12-20 14-32z"
      />
      <path class="i-pine-2" d="M108 38h8c2 12 14 14 14 32v60a8 8 0 0 1-8 8h-12c6-30 6-62-2-100z" />
      <path class="i-paper" d="M70 84h60v26H70z" />
      <path class="i-rust" d="M82 103l10-14 7 9 6-6 13 11z" />
    </Picture>
  );
}

export function Compass() {
  return (
    <Picture>
      <circle class="i-stroke-rust" cx="100" cy="26" r="9" />
      <path class="i-ink" d="M94 32h12v10H94z" />
      <circle class="i-brass" cx="100" cy="90" r="50" />
      <circle class="i-brass-2" cx="100" cy="90" r="43" />
      <circle class="i-paper" cx="100" cy="90" r="38" />
      <path
        class="i-line"
        d="M100 56v7M100 117v7M66 90h7M127 90h7M76 66l4 4M120 110l4 4M124 66l-4 4M80 110l-4 4"
      />
      <path class="i-rust" d="M122 68l-16 28-12-12z" />
      <path class="i-steel-2" d="M78 112l16-28 12 12z" />
      <circle class="i-ink" cx="100" cy="90" r="4" />
    </Picture>
  );
}
