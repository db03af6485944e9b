using Faas.Actors.Runs;
using Faas.Actors.Runs.Reply;
using Faas.Actors.Scripts;
using Faas.Actors.UseCases;
using Xunit;

namespace Faas.Actors.Tests.UseCases;

/// <summary>Tests that with <c>faas.sandbox.mothers.per-key</c> runs belong to the key of their caller.</summary>
public sealed class KeysApartTests() : UseCaseTestKit(keysApart: true)
{
    [Fact]
    public async Task A_run_of_a_stored_script_belongs_to_the_callers_key()
    {
        Uploaded();
        var running = RunScript.ExecuteAsync(
            new RunScriptRequest("math/add", VersionRef.Latest, Arguments with { Key = "ci" }), sink: null, default);

        var run = await EndedAsync();

        Assert.Equal(("ci", new ImageKey(Runtime.Python, "ci")), (run.Owner, run.Image));
        await running;
    }

    [Fact]
    public async Task A_run_of_code_belongs_to_the_callers_key_and_to_nobody_without_one()
    {
        var request = new RunCodeRequest(Language.Python, "return 42", Arguments with { Key = "ci" });
        var running = RunCode.ExecuteAsync(request, sink: null, default);
        Assert.Equal("ci", (await EndedAsync()).Owner);
        await running;

        running = RunCode.ExecuteAsync(request with { Arguments = Arguments }, sink: null, default);
        Assert.Null((await EndedAsync()).Owner);
        await running;
    }

    [Fact]
    public async Task The_check_of_an_upload_belongs_to_the_uploaders_key()
    {
        NothingIsUploaded();
        var request = new PublishRequest("call-1", "math/add", Language.Python, "return 42", ScriptSettings.Default, "ci");
        var publishing = PublishScript.ExecuteAsync(request, default);

        Assert.Equal("ci", (await EndedAsync()).Owner);

        await Registry.ExpectMsgAsync<PublishVersion>(Never);
        Registry.Reply(new VersionPublished("math/add", Language.Python, 1));
        await publishing;
    }

    private async Task<Run> EndedAsync()
    {
        var run = await SubmittedAsync();
        Reply(new RunEnded(run.RunId, FortyTwo));
        return run;
    }
}
