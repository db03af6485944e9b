using System.Collections.Immutable;
using Faas.Actors.Scripts;
using Xunit;

namespace Faas.Actors.Tests.Scripts;

/// <summary>What an import leads to.</summary>
public sealed class ImportRulesTests
{
    private static readonly DateTimeOffset s_now = DateTimeOffset.FromUnixTimeSeconds(1000);

    [Fact]
    public void A_path_without_a_script_gets_all_that_the_script_has_elsewhere()
    {
        var traits = Traits(highest: 40, revision: 9, ("stable", new ScriptAlias(new AliasTarget(10), new AliasTarget(20), 9))) with
        {
            Enabled = false,
            Keep = new Retention(3),
        };
        var after = Imported(ScriptState.Empty("p"), traits, 10, 20, 30);

        Assert.Equal([10, 20, 30], Numbers(after));
        Assert.Equal(traits, after.Traits);
        Assert.Equal(1000, after.Decide(Publish()).Version.Number);
        Assert.Equal(41, after.Decide(Publish() with { At = DateTimeOffset.UnixEpoch }).Version.Number);
    }

    [Fact]
    public void What_is_there_already_is_no_event()
    {
        var state = Imported(ScriptState.Empty("p"), Traits(30, 0), 10, 20, 30);
        var decision = ImportRules.Decide(state, Import(Traits(30, 0), 10, 20, 30));

        Assert.Empty(decision.Events);
        Assert.Equal(new ScriptImported("p", 0, IsChanged: false), decision.Reply);
    }

    [Fact]
    public void Versions_that_are_missing_are_added_where_their_numbers_belong()
    {
        var after = Imported(Imported(ScriptState.Empty("p"), Traits(20, 0), 10, 20), Traits(40, 0), 5, 10, 15, 40);

        Assert.Equal([5, 10, 15, 20, 40], Numbers(after));
        Assert.Equal((40, 40), (after.Latest!.Number, after.Traits.Highest));
    }

    [Theory]
    [InlineData("other", null, "The version 20 of the script \"p\" has other code here.")]
    [InlineData("code 20", 7, "The version 20 of the script \"p\" has other settings here.")]
    public void A_version_of_the_same_number_that_is_another_refuses_all(string code, int? pids, string why)
    {
        var state = Imported(ScriptState.Empty("p"), Traits(20, 0), 10, 20);
        var other = Version(20) with { CodeHash = ScriptCode.HashOf(code), Settings = new ScriptSettings { Pids = pids } };
        var decision = ImportRules.Decide(state, Import(Traits(30, 0)) with { Versions = [Version(5), other, Version(30)] });

        Assert.Empty(decision.Events);
        Assert.Same(state, decision.State);
        Assert.Equal(new ScriptConflict("p", why), decision.Reply);
    }

    [Fact]
    public void A_script_that_exists_keeps_what_it_has_and_gets_the_aliases_that_it_lacks()
    {
        var own = Traits(20, 5, ("stable", new ScriptAlias(new AliasTarget(10), null, 5))) with { Enabled = false };
        var state = Imported(ScriptState.Empty("p"), own, 10, 20);
        var other = Traits(
            60,
            3,
            ("stable", new ScriptAlias(new AliasTarget(20), null, 3)),
            ("b", new ScriptAlias(new AliasTarget(20, 90, 10, "X-User"), new AliasTarget(10), 2)),
            ("a", new ScriptAlias(new AliasTarget(10), null, 1))) with
        {
            Keep = new Retention(1),
        };

        var after = Imported(state, other, 10, 20);

        Assert.Equal((false, (Retention?)null), (after.Traits.Enabled, after.Traits.Keep));
        Assert.Equal((60, 7), (after.Traits.Highest, after.Traits.Revision));
        Assert.Equal(own.Aliases["stable"], after.Traits.Aliases["stable"]);
        Assert.Equal(other.Aliases["a"] with { Revision = 6 }, after.Traits.Aliases["a"]);
        Assert.Equal(other.Aliases["b"] with { Revision = 7 }, after.Traits.Aliases["b"]);
        Assert.Empty(ImportRules.Decide(after, Import(other, 10, 20)).Events);
    }

    [Fact]
    public void A_script_that_was_deleted_comes_back_and_its_numbers_stay_used()
    {
        var deleted = Imported(ScriptState.Empty("p"), Traits(90, 4), 10, 20).Apply(new ScriptDeleted("p", s_now));
        var after = Imported(deleted, Traits(20, 2), 10, 20);

        Assert.Equal([10, 20], Numbers(after));
        Assert.Equal((90, 4), (after.Traits.Highest, after.Traits.Revision));
    }

    [Fact]
    public void Many_versions_are_several_events_of_one_step()
    {
        var decision = ImportRules.Decide(
            ScriptState.Empty("p"), Import(Traits(1200, 1), [.. Enumerable.Range(1, 1200).Select(number => (long)number)]));

        Assert.Equal(["VersionsImported", "VersionsImported", "VersionsImported", "TraitsImported"], decision.Events.Select(change => change.GetType().Name));
        Assert.Equal(1200, decision.State.Versions.Count);
        Assert.Equal(new ScriptImported("p", 1200, IsChanged: true), decision.Reply);
    }

    [Fact]
    public void A_dry_run_has_the_reply_and_no_event()
    {
        var decision = ImportRules.Decide(ScriptState.Empty("p"), Import(Traits(10, 0), 10) with { DryRun = true });

        Assert.Empty(decision.Events);
        Assert.Null(decision.State.Latest);
        Assert.Equal(new ScriptImported("p", 1, IsChanged: true), decision.Reply);
    }

    [Fact]
    public void More_aliases_than_a_script_may_have_refuse_all()
    {
        var aliases = Enumerable.Range(0, 100).Select(i => ($"a{i}", new ScriptAlias(new AliasTarget(10), null, 1))).ToArray();
        var state = Imported(ScriptState.Empty("p"), Traits(10, 1, aliases), 10);
        var decision = ImportRules.Decide(state, Import(Traits(10, 1, ("b", new ScriptAlias(new AliasTarget(10), null, 1))), 10));

        Assert.Equal(new ScriptConflict("p", "The script \"p\" would have 101 aliases; it may have 100."), decision.Reply);
    }

    private static ScriptState Imported(ScriptState state, ScriptTraits traits, params long[] numbers)
    {
        var decision = ImportRules.Decide(state, Import(traits, numbers));
        Assert.True(Assert.IsType<ScriptImported>(decision.Reply).IsChanged);
        var after = decision.Events.Aggregate(state, (state, change) => state.Apply(change));
        Assert.Equal(after.Versions, decision.State.Versions);
        Assert.Equal(after.Traits, decision.State.Traits);
        return after;
    }

    private static ImportScript Import(ScriptTraits traits, params long[] numbers) =>
        new("p", [.. numbers.Select(Version)], traits, s_now);

    private static ScriptTraits Traits(long highest, long revision, params (string Name, ScriptAlias Alias)[] aliases) => new(
        highest, Enabled: true, aliases.ToImmutableDictionary(alias => alias.Name, alias => alias.Alias), revision);

    private static ScriptVersion Version(long number) => new(
        number, Language.Python, ScriptCode.HashOf($"code {number}"), 7, DateTimeOffset.FromUnixTimeSeconds(number), ScriptSettings.Default);

    private static long[] Numbers(ScriptState state) => [.. state.Versions.Select(version => version.Number)];

    private static PublishVersion Publish() =>
        PublishVersion.Of("p", ScriptCode.Of(Language.Python, "return 1"), s_now, ScriptSettings.Default);
}
