using System.Text;
using System.Text.Json;
using Faas.Actors.Runs;
using Faas.Actors.Sandboxes.Launcher;
using Faas.Actors.Sandboxes.Protocol;
using Faas.Actors.Scripts;

namespace Faas.Sandbox.Tests.Bubblewrap;

/// <summary>A real sandbox that a test drives by the frames of runtimes/PROTOCOL.md.</summary>
internal sealed class SandboxUnderTest(ISandboxProcess process, Runtime runtime)
{
    private bool _bound;

    /// <summary>What its runs share.</summary>
    public Isolation Isolation { get; set; } = Isolation.Process;

    /// <summary>The libraries that PROGRAM tells it of; attaching them is another matter.</summary>
    public LayerMount? Layer { get; set; }

    public ISandboxProcess Process => process;

    /// <summary>Waits until its runtime is ready.</summary>
    public async Task ReadyAsync()
    {
        try
        {
            await ZygotePipe.ReadReadyAsync(process.Output);
        }
        catch (ProtocolException broken)
        {
            throw new InvalidOperationException($"{broken.Message}: {await process.Exited}", broken);
        }
    }

    /// <summary>Runs a program to its end.</summary>
    public async Task<Ran> RunAsync(string code)
    {
        await SendAsync(code);
        return await EndAsync();
    }

    /// <summary>Runs the program once more.</summary>
    public async Task<Ran> RunAgainAsync()
    {
        Assert.True(_bound);
        await OrderAsync();
        return await EndAsync();
    }

    private async Task<Ran> EndAsync()
    {
        var result = new ResultAssembly(6 << 20);
        var stdout = new StringBuilder();
        EndFrame? end = null;
        await ZygotePipe.ReadUntilAsync(process.Output, frame =>
        {
            switch (frame.Type)
            {
                case FrameType.Result:
                    Assert.True(result.Append(frame.Payload));
                    break;
                case FrameType.End:
                    end = EndFrame.Parse(frame.Payload);
                    break;
                default:
                    stdout.Append(Encoding.UTF8.GetString(frame.Payload));
                    break;
            }

            return ValueTask.FromResult(end is not null);
        }).WaitAsync(Patience.Of(TimeSpan.FromMinutes(2))); // so that a program that never ends fails its own test only
        return new Ran(result.Message, stdout.ToString(), end!);
    }

    /// <summary>Runs a program and returns the value that it returned.</summary>
    public async Task<JsonElement> ReturnAsync(string code) => (await RunAsync(code)).Data;

    /// <summary>Starts a program and waits until it has printed. The program must print once and then stay alive.</summary>
    public async Task RunUntilItPrintsAsync(string code)
    {
        await SendAsync(code);
        await ZygotePipe.ReadUntilAsync(process.Output, frame => ValueTask.FromResult(frame.Type == FrameType.Stdout));
    }

    private async Task SendAsync(string code)
    {
        Assert.False(_bound, "A sandbox is bound to one program.");
        _bound = true;
        var script = ScriptCode.Of(runtime == Runtime.Python ? Language.Python : Language.JavaScript, code);
        FrameWriter.WriteProgram(process.Input, new ProgramFrame(script, Isolation) { Layer = Layer });
        await OrderAsync();
    }

    private async Task OrderAsync()
    {
        FrameWriter.WriteRun(process.Input, "{}"u8);
        await process.Input.FlushAsync();
    }
}

/// <summary>How a program ended.</summary>
internal sealed record Ran(ResultMessage? Result, string Printed, EndFrame End)
{
    /// <summary>The value that the program returned. Fails the test when it returned none.</summary>
    public JsonElement Data
    {
        get
        {
            Assert.NotNull(Result);
            Assert.True(Result.Kind == 'V', $"{Result.Kind} {Encoding.UTF8.GetString(Result.Payload.Span)} {Printed} {End}");
            return JsonDocument.Parse(Result.Payload).RootElement;
        }
    }
}
