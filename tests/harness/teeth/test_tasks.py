from harness.teeth.tasks import Task, run_task


def test_a_falsifier_and_a_comparison(tmp_path, small_contract):
    (tmp_path / "rows-v1.yaml").write_text(small_contract())
    paths = (str(tmp_path),)
    assert set(run_task(Task(paths, "reference", "rows", "FALSIFY-ROWS-001", ("both:drop-factor@1",))).kills) == {
        "both:drop-factor@1"
    }
    compared = run_task(Task(paths, "reference", "rows", faults=("both:drop-factor@1",)))
    assert compared.distinctions["both:drop-factor@1"].difference and compared.proofs == {}
