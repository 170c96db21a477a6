#!/usr/bin/env bash
# Checks the models of the replication protocol within small bounds: the rules as they are must hold, and each broken one must be caught.
# Needs spin and gcc; takes about a minute. Larger bounds: raise NC (claimants), MAXLEN (log length), MAXV (configurations).
set -euo pipefail
cd "$(dirname "$0")"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0

# check NAME holds|violated MODEL "SPIN FLAGS"
check() {
  local name=$1 expected=$2 model=$3 flags=$4 dir="$work/$1" began=$SECONDS errors states result
  mkdir "$dir"
  (
    cd "$dir"
    # shellcheck disable=SC2086
    spin $flags -a "$OLDPWD/$model" >spin.out 2>&1
    gcc -O1 -DSAFETY -DNOREDUCE -DHC4 -DMEMLIM=1500 -o pan pan.c 2>gcc.out
    timeout 120 ./pan -m20000 -w22 >pan.out 2>&1
  ) || { echo "$name: could not be run"; tail -3 "$dir"/*.out; failed=1; return; }
  errors=$(sed -n 's/.*errors: \([0-9]*\).*/\1/p' "$dir/pan.out")
  states=$(sed -n 's/ *\([0-9]*\) states, stored.*/\1/p' "$dir/pan.out")
  [ "$errors" = 0 ] && result=holds || result=violated
  grep -q 'Search not completed' "$dir/pan.out" && [ "$result" = holds ] && result=incomplete
  printf '%-28s %-10s %9s states %3s s\n' "$name" "$result" "$states" $((SECONDS - began))
  [ "$result" = "$expected" ] || { echo "$name: expected: $expected"; failed=1; }
}

check base                   holds    repl.pml     "-DNC=3 -DMAXLEN=2 -DMAXOWN=1"
check base-liveness          holds    repl.pml     "-DNC=3 -DMAXLEN=2 -DMAXOWN=1 -DLIVE"
check M1-best-by-length      violated repl.pml     "-DNC=3 -DMAXLEN=3 -DM1_LOGEND_ONLY"
check M2-synced-early        violated repl.pml     "-DNC=3 -DMAXLEN=3 -DM2_EARLY_SYNCED"
check M3-not-fenced          violated repl.pml     "-DNC=3 -DMAXLEN=3 -DM3_NOFENCE"
check M6-excess-kept         violated repl.pml     "-DNC=3 -DMAXLEN=3 -DM6_KEEP_EXCESS"
check M8-late-sync           violated repl.pml     "-DNC=3 -DMAXLEN=3 -DM8_DUP_SYNC"
check M9-promise-forgotten   violated repl.pml     "-DNC=3 -DMAXLEN=3 -DM9_VOLATILE_PROMISE"
check same-epoch             violated repl.pml     "-DNC=3 -DMAXLEN=3 -DM_SAME_EPOCH"
check power-loss             holds    repl.pml     "-DNC=3 -DMAXLEN=2 -DMAXOWN=1 -DLOSSES=1"
check power-loss-twice       holds    repl.pml     "-DNC=2 -DMAXLEN=2 -DLOSSES=2"
check power-loss-everywhere  holds    repl.pml     "-DNC=2 -DMAXLEN=2 -DMAXOWN=1 -DLOSSES=3 -DLIVE"
check suspect-votes          violated repl.pml     "-DNC=3 -DMAXLEN=3 -DLOSSES=1 -DM_SUSPECT_VOTES"
check suspect-adopted        violated repl.pml     "-DNC=3 -DMAXLEN=2 -DMAXOWN=1 -DLOSSES=1 -DM_SUSPECT_ADOPTED"
check restored-too-early     violated repl.pml     "-DNC=3 -DMAXLEN=3 -DLOSSES=1 -DM_RESTORED_TO_RECOVERED_END"
check loss-not-named         violated repl.pml     "-DNC=2 -DMAXLEN=2 -DLOSSES=1 -DM_LOSS_NOT_NAMED"
check lost-disk-readmitted   violated diskloss.pml "-DNC=3 -DNR=3 -DMAXLEN=2"
check M4-wiped-votes         violated diskloss.pml "-DNC=3 -DNR=3 -DMAXLEN=2 -DM4_VOTES_AT_ONCE"
check change                 holds    reconf.pml   "-DNC=2 -DMAXLEN=1 -DMAXV=2 -DATOMIC_SYNC"
check change-power-loss      holds    reconf.pml   "-DNC=2 -DMAXLEN=1 -DMAXV=2 -DATOMIC_SYNC -DDISTINCT -DT2=11 -DLOSSES=1"
check change-suspect-votes   violated reconf.pml   "-DNC=2 -DMAXLEN=1 -DMAXV=2 -DATOMIC_SYNC -DLOSSES=1 -DM_SUSPECT_VOTES"
check M5-not-sealed          violated reconf.pml   "-DNC=3 -DMAXLEN=1 -DMAXV=2 -DM5_NOSEAL"
check sealed-at-one          violated reconf.pml   "-DNC=3 -DMAXLEN=1 -DMAXV=2 -DM_SEAL_ONE"
check joint-old-only         violated reconf.pml   "-DNC=3 -DMAXLEN=1 -DMAXV=2 -DM_COMMIT_OLD_ONLY"
check joint-new-only         violated reconf.pml   "-DNC=3 -DMAXLEN=1 -DMAXV=2 -DM_COMMIT_NEW_EARLY"
check no-catch-up            violated reconf.pml   "-DNC=3 -DMAXLEN=1 -DMAXV=2 -DM_NOCATCHUP"
check comes-back             holds    reconf.pml   "-DNC=2 -DMAXLEN=1 -DMAXV=3 -DATOMIC_SYNC -DRETIRE -DSTART2"
check retired-though-claimed violated reconf.pml   "-DNC=2 -DMAXLEN=1 -DMAXV=3 -DATOMIC_SYNC -DRETIRE -DSTART2 -DM_RETIRE_CLAIMED"
check retired-without-trace  violated reconf.pml   "-DNC=2 -DMAXLEN=1 -DMAXV=3 -DATOMIC_SYNC -DRETIRE -DSTART2 -DM_RETIRE_FORGETS"
check comes-back-in-term     violated reconf.pml   "-DNC=2 -DMAXLEN=1 -DMAXV=3 -DATOMIC_SYNC -DRETIRE -DM_RETURN_IN_TERM"
check self-hosted            holds    metadata.pml "-DNC=2 -DNR=3 -DMAXLEN=2"
check self-two-at-once       violated metadata.pml "-DNC=2 -DNR=3 -DMAXLEN=3 -DMAXDIFF=2"
check self-own-set-counts    violated metadata.pml "-DNC=2 -DNR=3 -DMAXLEN=3 -DMC_NOREGATHER"
check self-set-of-activation violated metadata.pml "-DNC=2 -DNR=3 -DMAXLEN=3 -DMD3_ACTIVATION"
check self-wiped-seed        violated metadata.pml "-DNC=2 -DNR=3 -DMAXLEN=2 -DMW_WIPED_SEED"

exit $failed
