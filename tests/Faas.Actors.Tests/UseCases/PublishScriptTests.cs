using Faas.Actors.Pool;
using Faas.Actors.Runs;
using Faas.Actors.Runs.Reply;
using Faas.Actors.Scripts;
using Faas.Actors.Scripts.Code;
using Faas.Actors.Scripts.Compilation;
using Faas.Actors.UseCases;
using Xunit;

namespace Faas.Actors.Tests.UseCases;

public sealed class PublishScriptTests : UseCaseTestKit
{
    private static readonly Outcome s_good = new(Reason.Ok) { Warmth = Warmth.Spare };
    private static readonly PublishRequest s_request = new("call-1", "math/add", Language.Python, "return 42", ScriptSettings.Default);

    public PublishScriptTests() => NothingIsUploaded();

    [Fact]
    public async Task Code_and_settings_of_the_latest_version_are_that_version_and_nothing_is_checked_or_stored()
    {
        Uploaded(7);
        var published = Assert.IsType<Published>(await PublishScript.ExecuteAsync(s_request, default));
        Assert.Equal((7, true), (published.Version, published.IsUnchanged));
        await Pool.ExpectNoMsgAsync(TimeSpan.Zero);
        await Registry.ExpectNoMsgAsync(TimeSpan.Zero);
    }

    [Fact]
    public async Task An_image_that_there_is_not_is_refused_before_anything_is_checked_or_stored()
    {
        var refused = await PublishScript.ExecuteAsync(s_request with { Settings = new ScriptSettings { Image = "date" } }, default);
        const string why = "\"image\" is \"date\"; the images of python are: data (faas.images).";
        Assert.Equal(new PublishNotTaken(Refusal.Malformed(why), Check: null), refused);
        await Pool.ExpectNoMsgAsync(TimeSpan.Zero);
        await Registry.ExpectNoMsgAsync(TimeSpan.Zero);
    }

    [Fact]
    public async Task A_stored_version_is_restored_with_its_lock_and_settings_and_is_neither_compiled_nor_checked()
    {
        var stored = Uploaded(7, handler: "main");
        var code = (await Codes.GetAsync(stored.Language, stored.CodeHash, default))!.With("a==1 --hash=sha256:00");
        var restoring = PublishScript.RestoreAsync("call-1", "math/add", new FoundScript(stored, code), key: null);

        var command = await Registry.ExpectMsgAsync<PublishVersion>(Never);
        Assert.Equal((CodeName.Of(code), stored.Settings), (command.Code, command.Settings));
        Assert.Equal(code.Lock, (await Codes.GetAsync(code.Language, code.Hash, default))?.Lock);
        Registry.Reply(new VersionPublished("math/add", Language.Python, 8));
        Assert.Equal(8, Assert.IsType<Published>(await restoring).Version);
        await Pool.ExpectNoMsgAsync(TimeSpan.Zero);
    }

    [Fact]
    public async Task Unless_it_is_forced_or_code_or_settings_differ()
    {
        Uploaded(7);
        PublishRequest[] requests =
        [
            s_request with { Force = true },
            s_request with { Source = "return 43" },
            s_request with { Settings = new ScriptSettings(Isolation.Sandbox) },
        ];
        foreach (var request in requests)
        {
            var publishing = PublishScript.ExecuteAsync(request, default);
            if (request.Settings == ScriptSettings.Default)
            {
                await CheckedAsync(s_good); // the third has the code of the first
            }

            Assert.Equal(request.Force, (await Registry.ExpectMsgAsync<PublishVersion>(Never)).Force);
            Registry.Reply(new VersionPublished("math/add", Language.Python, 8));
            Assert.False(Assert.IsType<Published>(await publishing).IsUnchanged);
        }
    }

    [Fact]
    public async Task What_the_scripts_actor_decides_counts()
    {
        var publishing = PublishScript.ExecuteAsync(s_request, default);
        await CheckedAsync(s_good);
        await Registry.ExpectMsgAsync<PublishVersion>(Never);
        Registry.Reply(new VersionPublished("math/add", Language.Python, 9, IsUnchanged: true));
        Assert.Equal(new Published(9, s_good, IsUnchanged: true), await publishing);
    }

    [Theory]
    [InlineData(null, 0)]
    [InlineData(2, 2)]
    public async Task The_pool_is_told_how_many_sandboxes_stay_bound_to_the_new_version(int? asked, int kept)
    {
        Pool.IgnoreNoMessages();
        var publishing = PublishScript.ExecuteAsync(s_request with { Settings = new ScriptSettings { MinWarm = asked } }, default);
        await CheckedAsync(s_good);
        await Registry.ExpectMsgAsync<PublishVersion>(Never);
        Registry.Reply(new VersionPublished("math/add", Language.Python, 9));
        await publishing;

        var run = (await Pool.ExpectMsgAsync<KeepWarm>(Never)).Run;
        Assert.Equal((kept, "math/add", 9L, "return 42"), (run.MinWarm!.Value, run.Queue, run.Version!.Value, run.Code.Source));
    }

    [Fact]
    public async Task Code_is_checked_and_then_published()
    {
        var publishing = PublishScript.ExecuteAsync(s_request, default);
        var check = await CheckedAsync(s_good);
        Assert.Equal((RunMode.Check, "math/add", false), (check.Mode, check.Queue, check.Stream));
        await Pool.ExpectNoMsgAsync(TimeSpan.Zero);

        var command = await Registry.ExpectMsgAsync<PublishVersion>(Never);
        Assert.Equal(("math/add", CodeName.Of(check.Code)), (command.Path, command.Code));
        Assert.True(await ((ICodeStore)Codes).HasAsync(command.Code, default)); // stored before the version that names it
        Registry.Reply(new VersionPublished("math/add", Language.Python, 1_739_000_000));
        Assert.Equal(new Published(1_739_000_000, s_good), await publishing);
    }

    [Theory]
    [InlineData(null, Isolation.Process)]
    [InlineData(Isolation.Process, Isolation.Process)]
    [InlineData(Isolation.Sandbox, Isolation.Sandbox)]
    [InlineData(Isolation.Shared, Isolation.Sandbox)]
    public async Task The_check_is_warm_for_the_version_only_where_fresh_processes_share_a_sandbox(Isolation? asked, Isolation ofCheck)
    {
        var publishing = PublishScript.ExecuteAsync(s_request with { Settings = new ScriptSettings(asked) }, default);
        Assert.Equal(ofCheck, (await CheckedAsync(s_good)).Isolation);
        Assert.Equal(asked, (await Registry.ExpectMsgAsync<PublishVersion>(Never)).Settings.Isolation);
        Registry.Reply(new VersionPublished("math/add", Language.Python, 1));
        await publishing;
    }

    [Fact]
    public async Task Code_that_was_deleted_in_between_is_stored_again()
    {
        var publishing = PublishScript.ExecuteAsync(s_request, default);
        await CheckedAsync(s_good);
        var command = await Registry.ExpectMsgAsync<PublishVersion>(Never);
        Codes.Clear();
        Registry.Reply(new CodeMissing("math/add"));

        await Registry.ExpectMsgAsync<PublishVersion>(Never);
        Assert.True(await ((ICodeStore)Codes).HasAsync(command.Code, default));
        Registry.Reply(new VersionPublished("math/add", Language.Python, 7));
        Assert.Equal(new Published(7, s_good), await publishing);
    }

    [Fact]
    public async Task A_store_that_does_not_take_the_code_refuses_the_upload()
    {
        Codes.PutFailure = new StoreException("no answer");
        var publishing = PublishScript.ExecuteAsync(s_request, default);
        await CheckedAsync(s_good);

        Assert.Equal("no answer", Assert.IsType<PublishNotTaken>(await publishing).Refusal.Detail);
        await Registry.ExpectNoMsgAsync(TimeSpan.Zero);
    }

    [Fact]
    public async Task Code_that_has_passed_a_check_is_not_checked_again_whichever_its_path()
    {
        var first = PublishScript.ExecuteAsync(s_request, default);
        await CheckedAsync(s_good);
        await Registry.ExpectMsgAsync<PublishVersion>(Never);
        Registry.Reply(new VersionPublished("math/add", Language.Python, 1));
        await first;

        var second = PublishScript.ExecuteAsync(s_request with { Path = "math/plus" }, default);
        Assert.Equal("math/plus", (await Registry.ExpectMsgAsync<PublishVersion>(Never)).Path);
        Registry.Reply(new VersionPublished("math/plus", Language.Python, 2));
        var published = Assert.IsType<Published>(await second);

        Assert.Equal((Reason.Ok, null), (published.Check.Reason, published.Check.Warmth));
        await Pool.ExpectNoMsgAsync(TimeSpan.Zero);
    }

    [Fact]
    public async Task The_same_text_in_another_language_is_checked()
    {
        var first = PublishScript.ExecuteAsync(s_request, default);
        await CheckedAsync(s_good);
        await Registry.ExpectMsgAsync<PublishVersion>(Never);
        Registry.Reply(new VersionPublished("math/add", Language.Python, 1));
        await first;

        var second = PublishScript.ExecuteAsync(s_request with { Language = Language.JavaScript }, default);

        Assert.Equal(Language.JavaScript, (await CheckedAsync(s_good)).Code.Language);
        await Registry.ExpectMsgAsync<PublishVersion>(Never);
        Registry.Reply(new VersionPublished("math/add", Language.JavaScript, 2));
        await second;
    }

    [Fact]
    public async Task Code_that_has_failed_a_check_is_checked_again()
    {
        var first = PublishScript.ExecuteAsync(s_request, default);
        await CheckedAsync(new Outcome(Reason.Timeout));
        await first;

        var second = PublishScript.ExecuteAsync(s_request, default);

        await CheckedAsync(s_good);
        await Registry.ExpectMsgAsync<PublishVersion>(Never);
        Registry.Reply(new VersionPublished("math/add", Language.Python, 1));
        await second;
    }

    [Fact]
    public async Task Code_that_does_not_compile_is_not_published()
    {
        var bad = new Outcome(Reason.Syntax) { Error = new ScriptError("SyntaxError", "invalid syntax", Line: 1, Column: 8) };
        var publishing = PublishScript.ExecuteAsync(s_request, default);
        await CheckedAsync(bad);
        Assert.Equal(new NotPublished(bad), await publishing);
        await Registry.ExpectNoMsgAsync(TimeSpan.Zero);
    }

    [Fact]
    public async Task Code_that_the_compiler_refuses_is_not_even_checked()
    {
        Compiler.Says = new NotCompiled(new ScriptError("SyntaxError", "Unexpected \"@\"", Line: 3, Column: 7));
        var refused = Assert.IsType<NotPublished>(await PublishScript.ExecuteAsync(s_request, default));
        Assert.Equal((Reason.Syntax, null), (refused.Outcome.Reason, refused.Outcome.Warmth));
        await Pool.ExpectNoMsgAsync(TimeSpan.Zero);
    }

    [Fact]
    public async Task A_full_queue_refuses_an_upload_and_nothing_is_published()
    {
        var publishing = PublishScript.ExecuteAsync(s_request, default);
        Reply(new RunRefused((await SubmittedAsync()).RunId, RefusalReason.QueueFull, TimeSpan.FromSeconds(2)));
        var notTaken = Assert.IsType<PublishNotTaken>(await publishing);
        Assert.Equal((RefusalReason.QueueFull, null), (notTaken.Refusal.Reason, notTaken.Check));
        await Registry.ExpectNoMsgAsync(TimeSpan.Zero);
    }

    [Fact]
    public async Task A_store_that_fails_is_a_refusal_that_still_tells_how_the_check_went()
    {
        var publishing = PublishScript.ExecuteAsync(s_request, default);
        await CheckedAsync(s_good);
        await Registry.ExpectMsgAsync<PublishVersion>(Never);
        Registry.Reply(new StoreUnavailable("math/add", "Redis is away."));
        Assert.Equal(new PublishNotTaken(Refusal.Store("Redis is away."), s_good), await publishing);
    }

    private async Task<Run> CheckedAsync(Outcome outcome)
    {
        var check = await SubmittedAsync();
        Reply(new RunEnded(check.RunId, outcome));
        return check;
    }
}
