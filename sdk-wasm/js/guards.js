export const listen = (target, kind, code) => { console.log(kind, code); };
