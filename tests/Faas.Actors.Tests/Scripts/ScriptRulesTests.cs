using CsCheck;
using Faas.Actors.Scripts;
using Xunit;

namespace Faas.Actors.Tests.Scripts;

/// <summary>What each command leads to.</summary>
public sealed class ScriptRulesTests
{
    private static readonly DateTimeOffset s_now = DateTimeOffset.FromUnixTimeSeconds(100);

    // Versions 100, 101 and 102.
    private static readonly ScriptState s_three = Uploaded(Uploaded(Uploaded(ScriptState.Empty("p"))));

    [Fact]
    public void A_script_that_does_not_exist_cannot_be_changed() => Assert.All(
        new IScriptCommand[]
        {
            new DeleteScript("p", s_now), new DeleteVersion("p", 1, s_now), Enable(false), Move("a", 1), Roll("a"),
            new DeleteAlias("p", "a", RevisionCondition.None, s_now),
        },
        command => Assert.Equal(([], new VersionNotFound("p", null)), Told(ScriptState.Empty("p"), command)));

    [Fact]
    public void A_version_is_deleted_and_its_number_is_not_given_again()
    {
        var (events, reply) = Told(s_three, new DeleteVersion("p", 102, s_now));
        Assert.Equal(new ScriptChanged("p"), reply);
        var after = s_three.Apply(Assert.Single(events));

        Assert.Equal([100, 101], after.Versions.Select(version => version.Number));
        Assert.Equal(101, after.Latest!.Number);
        Assert.Equal(103, Uploaded(after).Latest!.Number);
    }

    [Fact]
    public void A_version_that_does_not_exist_is_answered_with_the_newest()
    {
        var reply = Assert.IsType<VersionNotFound>(Told(s_three, new DeleteVersion("p", 7, s_now)).Reply);
        Assert.Equal((7, "102,101,100"), (reply.Version, string.Join(',', reply.Newest!)));
    }

    [Fact]
    public void The_only_version_is_not_deleted_alone() => Assert.Equal(
        ([], new ScriptConflict("p", "The version 100 is the only one of the script \"p\"; delete the script.")),
        Told(Uploaded(ScriptState.Empty("p")), new DeleteVersion("p", 100, s_now)));

    [Fact]
    public void A_version_that_aliases_name_is_not_deleted_and_they_are_named()
    {
        var state = After(s_three, Move("stable", 101), Move("canary", new AliasTarget(102, 90, 101)), Move("old", 101), Move("old", 100));

        Assert.Equal(
            new ScriptConflict(
                "p", "The version 101 of the script \"p\" is named by the aliases \"canary\", \"stable\"; move or delete that first."),
            Told(state, new DeleteVersion("p", 101, s_now)).Reply);
        Assert.Equal(
            new ScriptConflict("p", "The version 100 of the script \"p\" is named by the alias \"old\"; move or delete that first."),
            Told(state, new DeleteVersion("p", 100, s_now)).Reply);
    }

    [Fact]
    public void After_the_deletion_of_a_script_only_its_numbers_are_remembered()
    {
        var deleted = After(s_three, Move("stable", 101), Enable(false), new DeleteScript("p", s_now));
        Assert.Equal((null, null, null), (deleted.Latest, deleted.Summary, deleted.Describe()));

        var again = Uploaded(deleted);
        Assert.Equal((103, true, 0), (again.Latest!.Number, again.Traits.Enabled, again.Traits.Aliases.Count));
        Assert.Equal(2, After(again, Move("stable", 103)).Traits.Aliases["stable"].Revision);
    }

    [Fact]
    public void A_script_is_disabled_and_enabled_and_what_is_so_already_is_no_event()
    {
        var (events, reply) = Told(s_three, Enable(false));
        Assert.False(Assert.IsType<ScriptDescribed>(reply).Script.Enabled);
        var disabled = s_three.Apply(Assert.Single(events));

        Assert.Empty(Told(disabled, Enable(false)).Events);
        Assert.True(After(disabled, Enable(true)).Traits.Enabled);
    }

    [Fact]
    public void An_alias_is_made_moved_and_moved_back()
    {
        var made = After(s_three, Move("stable", 100));
        var moved = After(made, Move("stable", 102));
        var back = After(moved, Roll("stable"));
        var forth = After(back, Roll("stable"));

        Assert.Equal(new ScriptAlias(new AliasTarget(100), null, 1), made.Traits.Aliases["stable"]);
        Assert.Equal(new ScriptAlias(new AliasTarget(102), new AliasTarget(100), 2), moved.Traits.Aliases["stable"]);
        Assert.Equal(new ScriptAlias(new AliasTarget(100), new AliasTarget(102), 3), back.Traits.Aliases["stable"]);
        Assert.Equal(new ScriptAlias(new AliasTarget(102), new AliasTarget(100), 4), forth.Traits.Aliases["stable"]);
    }

    [Fact]
    public void A_move_that_is_repeated_is_no_move_and_keeps_the_way_back()
    {
        var moved = After(s_three, Move("stable", 100), Move("stable", 102));
        var (events, reply) = Told(moved, Move("stable", 102));

        Assert.Empty(events);
        Assert.Equal(new AliasFound("p", "stable", moved.Traits.Aliases["stable"]), reply);
    }

    [Fact]
    public void An_alias_that_was_never_moved_has_no_way_back() => Assert.Equal(
        new ScriptConflict("p", "The alias \"stable\" of the script \"p\" has not been moved yet."),
        Told(After(s_three, Move("stable", 100)), Roll("stable")).Reply);

    [Fact]
    public void There_is_no_way_back_to_a_version_that_was_deleted()
    {
        var state = After(s_three, Move("stable", 100), Move("stable", 102), new DeleteVersion("p", 100, s_now));
        Assert.Equal(
            new ScriptConflict("p", "The alias \"stable\" of the script \"p\" named version 100 before, which has been deleted."),
            Told(state, Roll("stable")).Reply);
    }

    [Theory]
    [InlineData(7, null, 7)]
    [InlineData(100, 7L, 7)]
    public void An_alias_names_only_versions_that_exist(long version, long? other, long missing) => Assert.Equal(
        missing, Assert.IsType<VersionNotFound>(Told(s_three, Move("a", new AliasTarget(version, 50, other))).Reply).Version);

    [Fact]
    public void An_unknown_alias_is_answered_with_those_that_there_are()
    {
        var reply = Assert.IsType<AliasNotFound>(Told(After(s_three, Move("b", 100), Move("a", 100)), Roll("c")).Reply);
        Assert.Equal(("c", "a,b"), (reply.Name, string.Join(',', reply.Known)));
    }

    [Theory]
    [InlineData(1L, true)]
    [InlineData(2L, false)]
    public void A_condition_holds_of_the_revision_that_it_names(long revision, bool holds)
    {
        var state = After(s_three, Move("stable", 100));
        var reply = Told(state, new MoveAlias("p", "stable", new AliasTarget(102), new RevisionCondition([revision, 9]), s_now)).Reply;
        Assert.Equal(holds, reply is AliasFound);
        Assert.Equal(!holds, reply is AliasStale { Alias.Revision: 1 });
    }

    [Fact]
    public void A_condition_may_want_an_alias_to_exist_or_not_to()
    {
        var state = After(s_three, Move("stable", 100));
        Assert.False(new RevisionCondition(MustNotExist: true).HoldsOf(state.Traits.Aliases["stable"].Revision));
        Assert.True(new RevisionCondition(MustNotExist: true).HoldsOf(null));
        Assert.True(new RevisionCondition(MustExist: true).HoldsOf(state.Traits.Aliases["stable"].Revision));
        Assert.False(new RevisionCondition(MustExist: true).HoldsOf(null));
        Assert.False(new RevisionCondition([1]).HoldsOf(null));
        Assert.Equal(
            new AliasStale("p", "none", null),
            Told(state, new DeleteAlias("p", "none", new RevisionCondition(MustExist: true), s_now)).Reply);
    }

    [Fact]
    public void A_revision_is_never_used_again_not_even_by_an_alias_of_the_same_name()
    {
        var state = After(
            s_three, Move("stable", 100), new DeleteAlias("p", "stable", RevisionCondition.None, s_now), Move("stable", 100));
        Assert.Equal(new ScriptAlias(new AliasTarget(100), null, 3), state.Traits.Aliases["stable"]);
    }

    [Fact]
    public void A_script_has_a_hundred_aliases_at_most()
    {
        var state = After(s_three, [.. Enumerable.Range(0, 100).Select(n => Move($"a{n}", 100))]);
        Assert.Equal(
            new ScriptConflict("p", "The script \"p\" has 100 aliases, and may have no more."), Told(state, Move("more", 100)).Reply);
        Assert.IsType<AliasFound>(Told(state, Move("a5", 101)).Reply);
    }

    [Fact]
    public void Whatever_happens_the_state_is_that_of_its_events_and_of_its_snapshot_and_aliases_name_what_exists() =>
        Gen.Int[0, 9].Array[1, 120].Sample(draws =>
        {
            var (state, replayed, highest) = (ScriptState.Empty("p"), ScriptState.Empty("p"), 0L);
            foreach (var (draw, step) in draws.Select((draw, step) => (draw, step)))
            {
                var numbers = state.Versions.Select(version => version.Number).DefaultIfEmpty(1).ToArray();
                var number = numbers[step % numbers.Length];
                IReadOnlyList<IScriptEvent> events = draw switch
                {
                    < 4 => [state.Decide(Publish())],
                    4 => Told(state, new DeleteVersion("p", number, s_now)).Events,
                    5 => Told(state, Move($"a{step % 3}", number)).Events,
                    6 => Told(state, Move($"a{step % 2}", new AliasTarget(number, step % 101, numbers[0]))).Events,
                    7 => Told(state, Roll($"a{step % 3}")).Events,
                    8 => Told(state, Enable(step % 2 == 0)).Events,
                    _ => step % 5 == 0 ? Told(state, new DeleteScript("p", s_now)).Events : [],
                };
                foreach (var change in events)
                {
                    state = state.Apply(change);
                    replayed = ScriptState.From(replayed.ToSnapshot()).Apply(change);
                    if (change is VersionUploaded { Version.Number: var given })
                    {
                        Assert.True(given > highest);
                        highest = given;
                    }
                }

                Assert.All(
                    state.Traits.Aliases.Values.Select(alias => alias.Target),
                    target => Assert.True(state.Find(target.Version) is not null
                        && (target.Other is not { } other || state.Find(other) is not null)));
            }

            Assert.Equal(state.Versions, replayed.Versions);
            Assert.Equal(state.Traits.Aliases, replayed.Traits.Aliases);
            return state.Traits.Highest == highest && state.Traits with { Aliases = replayed.Traits.Aliases } == replayed.Traits;
        });

    [Theory]
    [InlineData(null, null, "")]
    [InlineData(1, null, "0,1,2,3,4,5,6,7,8")]
    [InlineData(3, null, "0,1,2,3,4,5,6")]
    [InlineData(99, null, "")]
    [InlineData(null, 1, "0,1,2,3,4,5,6,7,8")]
    [InlineData(null, 4, "0,1,2,3,4,5")]
    [InlineData(null, Retention.MostDays, "")]
    [InlineData(2, 4, "0,1,2,3,4,5")]
    [InlineData(6, 4, "0,1,2,3")]
    public void A_version_is_kept_that_one_of_the_rules_keeps(int? newest, int? days, string expired)
    {
        // Ten versions, one a day; the last was uploaded a minute ago.
        var now = DateTimeOffset.UnixEpoch.AddDays(9).AddMinutes(1);
        Assert.Equal(expired, string.Join(',', new Retention(newest, days).Expired(Daily(10), now).Select(number => number / 86_400)));
    }

    [Fact]
    public void What_an_alias_names_or_would_name_after_a_rollback_is_kept_and_so_is_the_latest()
    {
        var state = After(
            Daily(10), Move("a", 86_400), Move("a", new AliasTarget(2 * 86_400, 50, 3 * 86_400)), Move("b", 5 * 86_400));
        var expired = new Retention(1).Expired(state, DateTimeOffset.UnixEpoch.AddDays(100)).Select(number => number / 86_400);
        Assert.Equal([0, 4, 6, 7, 8], expired);
    }

    [Fact]
    public void An_upload_and_what_it_lets_expire_are_one_step()
    {
        var decision = ScriptRules.Publish(Daily(3), Publish(), new Retention(2));

        Assert.Equal(["VersionUploaded", "VersionsDeleted"], decision.Events.Select(change => change.GetType().Name));
        Assert.Equal([172_800, 172_801], decision.State.Versions.Select(version => version.Number));
    }

    [Fact]
    public void The_scripts_own_rules_go_before_those_of_the_server_and_hold_at_once()
    {
        var strict = ScriptRules.Decide(
            Daily(5), new ConfigureScript("p", null, new RetentionChange(new Retention(2)), s_now), Retention.All);
        Assert.Equal(2, strict.State.Versions.Count);
        Assert.Equal(new Retention(2), Assert.IsType<ScriptDescribed>(strict.Reply).Script.Keep);

        var all = ScriptRules.Decide(
            Daily(5), new ConfigureScript("p", null, new RetentionChange(Retention.All), s_now), new Retention(1));
        Assert.Equal(5, all.State.Versions.Count);
        Assert.Equal(6, ScriptRules.Publish(all.State, Publish(), new Retention(1)).State.Versions.Count);

        var back = ScriptRules.Decide(all.State, new ConfigureScript("p", null, new RetentionChange(null), s_now), new Retention(1));
        Assert.Single(back.State.Versions);
        Assert.Null(back.State.Traits.Keep);
    }

    // A version at the begin of each day, from day 0 on.
    private static ScriptState Daily(int versions) => Enumerable.Range(0, versions).Aggregate(
        ScriptState.Empty("p"),
        (state, day) => state.Apply(new VersionUploaded("p", new ScriptVersion(
            day * 86_400, Language.Python, $"{day}", 1, DateTimeOffset.UnixEpoch.AddDays(day), ScriptSettings.Default))));

    private static ConfigureScript Enable(bool enabled) => new("p", enabled, Retention: null, s_now);

    private static MoveAlias Move(string name, long version) => Move(name, new AliasTarget(version));

    private static MoveAlias Move(string name, AliasTarget target) => new("p", name, target, RevisionCondition.None, s_now);

    private static RollBackAlias Roll(string name) => new("p", name, RevisionCondition.None, s_now);

    private static (IReadOnlyList<IScriptEvent> Events, IWithScriptPath Reply) Told(ScriptState state, IScriptCommand command)
    {
        var decision = ScriptRules.Decide(state, command, Retention.All);
        Assert.Equal(decision.Events.Aggregate(state, (state, change) => state.Apply(change)).Versions, decision.State.Versions);
        return (decision.Events, decision.Reply);
    }

    private static ScriptState After(ScriptState state, params IScriptCommand[] commands) =>
        commands.Aggregate(state, (state, command) => ScriptRules.Decide(state, command, Retention.All) is { Events.Count: > 0 } decision
            ? decision.State
            : throw new InvalidOperationException($"{command} changes nothing"));

    private static ScriptState Uploaded(ScriptState state) => state.Apply(state.Decide(Publish()));

    private static PublishVersion Publish() =>
        PublishVersion.Of("p", ScriptCode.Of(Language.Python, "return 1"), s_now, ScriptSettings.Default);
}
