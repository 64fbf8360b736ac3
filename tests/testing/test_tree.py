"""A plan's tree against the outline that a test has of it."""

import pulumi
import pytest

from bicoastal.testing import assert_tree


class Shelf(pulumi.ComponentResource):
    def __init__(self, name, *books):
        super().__init__("shop:index:Shelf", name)
        for book in books:
            pulumi.CustomResource("shop:index:Book", book, opts=pulumi.ResourceOptions(parent=self))


def program():
    Shelf("upper", "emma", "persuasion")
    Shelf("lower", "ulysses")


TREE = """
    lower shop:index:Shelf
      ulysses shop:index:Book
    upper shop:index:Shelf
      emma shop:index:Book
      persuasion shop:index:Book
"""


@pytest.fixture
def plan(pulumi_mocks):
    return pulumi_mocks.run(program)


def said(plan, tree):
    with pytest.raises(AssertionError) as refused:
        assert_tree(plan, tree)
    return str(refused.value)


def test_the_tree_that_is_planned_is_right(plan):
    assert_tree(plan, TREE)


def test_the_order_and_the_depth_of_indentation_are_free(plan):
    assert_tree(
        plan,
        """
upper   shop:index:Shelf
        persuasion shop:index:Book
        emma shop:index:Book
lower shop:index:Shelf

 ulysses shop:index:Book
""",
    )


def test_three_dots_stand_for_whatever_else_there_is_at_their_place(plan):
    assert_tree(
        plan,
        """
        upper shop:index:Shelf
          emma shop:index:Book
          ...
        ...
        """,
    )


def test_what_is_too_much_and_what_is_missing_stand_in_the_diff(plan):
    message = said(plan, TREE.replace("emma", "middlemarch"))
    assert "-  middlemarch shop:index:Book" in message
    assert "+  emma shop:index:Book" in message


def test_a_resource_in_another_place_is_another_tree(plan):
    message = said(
        plan, TREE.replace("      ulysses shop:index:Book\n", "") + "    ulysses shop:index:Book\n"
    )
    assert "+  ulysses shop:index:Book" in message
    assert "-ulysses shop:index:Book" in message


def test_what_three_dots_stand_for_is_not_in_the_diff(plan):
    message = said(plan, "lower shop:index:Shelf\n  dracula shop:index:Book\n...")
    diff = message.partition("If that is")[0]
    assert "-  dracula" in diff
    assert "upper" not in diff


def test_the_error_has_the_outline_for_the_test(plan):
    outline = said(plan, "...\nnobody shop:index:Shelf").partition("let the test say:\n\n")[2]
    assert_tree(plan, outline)
