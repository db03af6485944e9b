using System.CommandLine;
using Faas.Cli.Output;

namespace Faas.Cli.Commands;

/// <summary>
/// <c>faas completion SHELL</c>: what a shell reads so that it completes the words of a command line. Theory of operation: the shell
/// hands the line and the cursor's place to <c>faas "[suggest:PLACE]" LINE</c>, which answers with the words that fit, one a line. Where
/// none fits, the shell completes the names of files.
/// </summary>
internal static class CompletionCommand
{
    private const string Bash = """
        # Completion of faas for bash: eval "$(faas completion bash)", or a file in /usr/share/bash-completion/completions.
        _faas() {
          COMPREPLY=()
          local word
          while IFS= read -r word; do
            [[ $word == "${COMP_WORDS[COMP_CWORD]}"* ]] && COMPREPLY+=("$word")
          done < <(faas "[suggest:$COMP_POINT]" "$COMP_LINE" 2>/dev/null)
        }
        complete -o bashdefault -o default -F _faas faas
        """;

    private const string Zsh = """
        #compdef faas
        # Completion of faas for zsh: eval "$(faas completion zsh)", or a file _faas in a folder of $fpath.
        _faas() {
          local -a words_
          words_=("${(@f)$(faas "[suggest:$CURSOR]" "$BUFFER" 2>/dev/null)}")
          compadd -- "${(@)words_:#}" || _files
        }
        if [ "$funcstack[1]" = "_faas" ]; then _faas "$@"; else compdef _faas faas; fi
        """;

    private const string Fish = """
        # Completion of faas for fish: faas completion fish | source, or a file faas.fish in ~/.config/fish/completions.
        complete -c faas -a '(faas "[suggest:"(commandline -C)"]" (commandline) 2>/dev/null)'
        """;

    /// <summary>Makes it.</summary>
    public static Command Make()
    {
        var shell = new Argument<string>("SHELL") { Description = "bash, zsh or fish" };
        shell.CompletionSources.Add("bash", "zsh", "fish");
        return new Command("completion", "prints what a shell reads to complete command lines") { shell }
            .Example("eval \"$(faas completion bash)\"", "faas completion fish | source")
            .Does(call =>
            {
                call.Terminal.Out.WriteLine(call.Get(shell) switch
                {
                    "bash" => Bash,
                    "zsh" => Zsh,
                    "fish" => Fish,
                    var other => throw CliException.Usage($"SHELL is \"{other}\"; allowed is one of bash, zsh, fish."),
                });
                return Task.FromResult(ExitCode.Ok);
            });
    }
}
