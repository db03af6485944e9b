using Akka.Configuration;
using Akka.Event;
using Akka.TestKit.Xunit2;
using Faas.Actors.Scripts;
using Faas.Actors.Scripts.Registry;
using Xunit;

namespace Faas.Actors.Tests.Scripts.Registry;

/// <summary>Which code is released, step by step.</summary>
public sealed class UnusedCodeTests : TestKit
{
    private static readonly ScriptCode s_code = ScriptCode.Of(Language.Python, "return 1");
    private static readonly ScriptState s_none = ScriptState.Empty("p");
    private static readonly ScriptState s_one = s_none.Apply(s_none.Decide(
        PublishVersion.Of("p", s_code, DateTimeOffset.UnixEpoch, ScriptSettings.Default)));

    private readonly ScriptsInMemory _store = new();
    private readonly UnusedCode _unused;

    public UnusedCodeTests()
        : base(ConfigurationFactory.ParseString("akka.loglevel = OFF\nakka.stdout-loglevel = OFF"))
    {
        _unused = new UnusedCode("p", _store, Logging.GetLogger(Sys, "test"));
        _store.PutAsync(s_code, "p", default).Wait();
    }

    [Fact]
    public async Task Code_that_nothing_names_is_released()
    {
        _unused.Drop(s_one.Versions, s_none, s_none, TestActor);
        _unused.OnRead(await ExpectMsgAsync<UnusedCode.ReferenceRead>(), s_none, s_none, TestActor);
        _unused.OnReleased(await ExpectMsgAsync<UnusedCode.Released>());

        Assert.True(_unused.IsIdle);
        Assert.Null(await _store.GetAsync(s_code.Language, s_code.Hash, default));
    }

    [Theory]
    [InlineData(true)] // another deletion is under way, and may fail
    [InlineData(false)] // an upload is under way
    public async Task Code_that_a_version_names_durably_or_will_name_stays(bool isDurable)
    {
        var (durable, decided) = isDurable ? (s_one, s_none) : (s_none, s_one);
        _unused.Drop(s_one.Versions, durable, decided, TestActor);
        Assert.True(_unused.IsIdle);

        _unused.Drop(s_one.Versions, s_none, s_none, TestActor);
        _unused.OnRead(await ExpectMsgAsync<UnusedCode.ReferenceRead>(), durable, decided, TestActor);

        Assert.True(_unused.IsIdle);
        Assert.NotNull(await _store.GetAsync(s_code.Language, s_code.Hash, default));
    }

    [Fact]
    public async Task Code_that_is_being_uploaded_stays()
    {
        _unused.Drop(s_one.Versions, s_none, s_none, TestActor);
        _unused.BeginUpload(CodeName.Of(s_code));
        _unused.OnRead(await ExpectMsgAsync<UnusedCode.ReferenceRead>(), s_none, s_none, TestActor);
        _unused.EndUpload(CodeName.Of(s_code));

        Assert.True(_unused.IsIdle);
        Assert.NotNull(await _store.GetAsync(s_code.Language, s_code.Hash, default));
    }
}
