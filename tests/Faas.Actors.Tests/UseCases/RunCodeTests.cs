using Faas.Actors.Runs;
using Faas.Actors.Runs.Reply;
using Faas.Actors.Scripts;
using Faas.Actors.Scripts.Compilation;
using Faas.Actors.UseCases;
using Xunit;

namespace Faas.Actors.Tests.UseCases;

public sealed class RunCodeTests : UseCaseTestKit
{
    private static readonly RunCodeRequest s_request = new(Language.TypeScript, "return 42", Arguments with { WithUsage = true });

    [Fact]
    public async Task Code_runs_in_a_sandbox_of_its_own_in_the_queue_of_all_such_runs()
    {
        var running = RunCode.ExecuteAsync(s_request, sink: null, default);
        var run = await SubmittedAsync();
        Reply(new RunEnded(run.RunId, FortyTwo));

        Assert.Equal(new RunFinished(FortyTwo, Streamed: false, Version: null), await running);
        Assert.Equal((Run.RunNowQueue, Isolation.Sandbox, null, true), (run.Queue, run.Isolation, run.Version, run.WithUsage));
        Assert.Equal((Language.TypeScript, "return 42"), (run.Code.Language, run.Code.Source));
    }

    [Fact]
    public async Task Code_for_an_image_of_another_runtime_is_refused()
    {
        var refused = await RunCode.ExecuteAsync(s_request with { Settings = new ScriptSettings { Image = "data" } }, sink: null, default);
        const string why = "\"image\" is \"data\"; the images of node are: web (faas.images).";
        Assert.Equal(new RunNotTaken(Refusal.Malformed(why), Version: null), refused);
        await Pool.ExpectNoMsgAsync(TimeSpan.Zero);
    }

    [Fact]
    public async Task Code_that_does_not_compile_never_reaches_a_sandbox()
    {
        Compiler.Says = new NotCompiled(new ScriptError("SyntaxError", "Unexpected \"@\"", Line: 3, Column: 7));
        var finished = Assert.IsType<RunFinished>(await RunCode.ExecuteAsync(s_request, sink: null, default));
        Assert.Equal((Reason.Syntax, 3, null), (finished.Outcome.Reason, finished.Outcome.Error!.Line, finished.Outcome.Warmth));
        await Pool.ExpectNoMsgAsync(TimeSpan.Zero);
    }

    [Fact]
    public async Task A_compiler_that_breaks_is_our_fault()
    {
        Compiler.Says = new CompilerFailed("esbuild took too long");
        var finished = Assert.IsType<RunFinished>(await RunCode.ExecuteAsync(s_request, new SinkUnderTest(), default));
        Assert.Equal(
            (Reason.Sandbox, "esbuild took too long", false), (finished.Outcome.Reason, finished.Outcome.Detail, finished.Streamed));
    }
}
