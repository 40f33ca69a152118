/** A bay with hills, pines, a lighthouse and a tent; the stylesheet makes it day or night. */
export function HarbourScene() {
  return (
    <svg
      class="scene"
      viewBox="0 0 1440 480"
      preserveAspectRatio="xMidYMax slice"
      aria-hidden="true"
      focusable="false"
    >
      <rect class="s-sky" width="1440" height="480" />
      <circle class="s-sun" cx="1010" cy="150" r="54" />
      <g class="s-star">
        <circle cx="180" cy="70" r="2" />
        <circle cx="420" cy="46" r="1.500" />
        <circle cx="690" cy="92" r="2" />
        <circle cx="860" cy="40" r="1.500" />
        <circle cx="1240" cy="66" r="2" />
        <circle cx="1370" cy="130" r="1.500" />
        <circle cx="1130" cy="44" r="1.500" />
      </g>
      <path
        class="s-far"
        d="M0 300c120-60 210-104 330-96 96 6 150 62 250 52 124-12 170-108 300-104 118 4 160 92 270 96 110 4 180-60 290-46v278H0z"
      />
      <path
        class="s-mid"
        d="M0 342c150-50 270-66 400-40 110 22 190 28 300 4 140-30 220-40 350-6 130 32 250 22 390-22v202H0z"
      />
      <rect class="s-water" y="344" width="1440" height="136" />
      <g class="s-glint">
        <path d="M930 362h160v3H930zM960 380h96v3h-96zM900 398h130v3H900zM1010 416h90v3h-90z" />
        <path d="M520 372h60v2h-60zM610 392h90v2h-90zM470 410h50v2h-50z" />
      </g>
      <g class="s-boat" transform="translate(96 4)">
        <path d="M742 372h76l-12 18h-52z" />
        <path class="s-sail" d="M778 288v78h-36z" />
        <path class="s-sail-2" d="M783 300v66h28z" />
      </g>
      <path class="s-land" d="M1440 318c-90-8-150 10-212 42-70 36-170 52-300 62l-140 58h652z" />
      <g class="s-tower">
        <path d="M1206 232h36l8 132h-52z" />
        <path class="s-band" d="M1203.600 274h40.800l1.800 30h-44.400zM1200 330h48.300l1.700 26h-51.600z" />
        <path class="s-roof" d="M1202 232h44l-6-8v-26h-32v26zM1208 198l16-18 16 18z" />
        <rect class="s-lamp" x="1214" y="202" width="20" height="20" />
      </g>
      <Pine x={1310} y={352} size={1.15} />
      <Pine x={1362} y={346} size={1.5} />
      <Pine x={1414} y={350} size={1.2} />
      <path class="s-near" d="M0 368c110-22 230-16 330 16 96 30 190 54 330 60 150 6 500 2 780-8v44H0z" />
      <g class="s-tent">
        <path d="M540 436l64-84 64 84z" />
        <path class="s-tent-2" d="M604 352l64 84h34l-76-88z" />
        <path class="s-door" d="M604 384l-22 52h44z" />
      </g>
      <Pine x={44} y={392} size={2.1} />
      <Pine x={104} y={396} size={1.6} />
      <Pine x={716} y={438} size={1.1} />
      <Pine x={762} y={438} size={0.8} />
    </svg>
  );
}

function Pine({ x, y, size }: { x: number; y: number; size: number }) {
  return (
    <g transform={`translate(${x} ${y}) scale(${size})`}>
      <path class="s-trunk" d="M-3-14h6V6h-6z" />
      <path class="s-pine" d="M0-92l-18 28h8l-15 22h9l-18 28h68l-18-28h9L10-64h8z" />
    </g>
  );
}
