using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Configuration;
using Faas.Actors.Scripts;
using Xunit;

namespace Faas.Actors.Tests.Scripts.Registry;

[Collection(nameof(FailingJournal))]
public sealed class ScriptJournalFailureTests : ScriptTestKit
{
    private readonly ScriptsInMemory _store = new();

    public ScriptJournalFailureTests()
        : base(Setup) => FailingJournal.Fails = "";

    private static ActorSystemSetup Setup => ActorSystemSetup.Create(BootstrapSetup.Create().WithConfig(ConfigurationFactory.ParseString(
        $$"""
        {{FailingJournal.Settings}}
        akka.persistence.snapshot-store.plugin = "akka.persistence.snapshot-store.inmem"
        """)));

    [Theory]
    [InlineData("write")]
    [InlineData("reject")]
    [InlineData("read")]
    public async Task A_journal_that_fails_is_told_to_every_asker_and_the_script_comes_back_by_itself(string what)
    {
        var registry = Registry(_store, _store, _store);
        var before = what == "read" ? null : await PublishAsync(registry, "p", "return 'before'");
        FailingJournal.Fails = what;

        ScriptCode[] codes = [.. Enumerable.Range(0, 20).Select(i => ScriptCode.Of(Language.JavaScript, $"return {i}"))];
        await Task.WhenAll(codes.Select(code => _store.PutAsync(code, "p", default)));
        var answers = await Task.WhenAll(codes.Select(code => registry.Ask<IWithScriptPath>(
            PublishVersion.Of("p", code, DateTimeOffset.UtcNow, ScriptSettings.Default), Patience)));

        Assert.All(answers, answer => Assert.IsType<StoreUnavailable>(answer));
        FailingJournal.Fails = "";
        VersionPublished after = null!;

        // A request that arrives while the actor ends gets the same reply, so the first try may fail.
        await AwaitAssertAsync(async () => after = await PublishAsync(registry, "p", "return 1"));
        Assert.True(after.Version > (before?.Version ?? 0));

        // A write that had reached the journal when the actor ended may still happen; its asker was told that the outcome is not known.
        var least = before is null ? 1 : 2;
        Assert.InRange(
            (await ListsAsync(list => list.Scripts is [{ Latest: var latest }] && latest.Number == after.Version)).Scripts[0].Versions,
            least,
            least + answers.Length);
    }

    [Theory]
    [InlineData("write", false)]
    [InlineData("reject", false)]
    [InlineData("lose the reply", true)]
    public async Task Calls_go_on_by_what_clients_were_told_until_what_is_stored_can_be_read(string what, bool isStored)
    {
        var registry = Registry(_store, _store, _store);
        var (first, second) = (await PublishAsync(registry, "p", "return 1"), await PublishAsync(registry, "p", "return 2"));
        Assert.IsType<AliasFound>(await MoveAsync(registry, first.Version));
        FailingJournal.Fails = what;

        Assert.IsType<StoreUnavailable>(await MoveAsync(registry, second.Version));
        FailingJournal.Fails = "read";
        for (var i = 0; i < 3; i++)
        {
            Assert.IsType<StoreUnavailable>(await GetAsync(registry, "p"));
            Assert.Equal(first.Version, Live.Find("p")!.Traits.Aliases["stable"].Target.Version);
            Assert.Null(Live.FindCertain("p"));
        }

        FailingJournal.Fails = "";
        await AwaitConditionAsync(() => Task.FromResult(Live.FindCertain("p") is not null), Patience, TimeSpan.FromMilliseconds(20));
        Assert.Equal(isStored ? second.Version : first.Version, Live.Find("p")!.Traits.Aliases["stable"].Target.Version);
        Assert.Equal(second.Version, Assert.IsType<VersionFound>(await GetAsync(registry, "p")).Version.Number);
    }

    private static Task<IWithScriptPath> MoveAsync(IActorRef registry, long version) => registry.Ask<IWithScriptPath>(
        new MoveAlias("p", "stable", new AliasTarget(version), RevisionCondition.None, DateTimeOffset.UtcNow), Patience);
}
